import type { Position, Ring } from '../math/geometry.ts'

/** Least positions of an area's boundary without the repetition of the first. */
const leastCorners = 3

/** The positions of a ring without the repetition of the first, if there is one. */
export function corners(ring: Ring): Ring {
  const first = ring[0]
  const last = ring[ring.length - 1]
  const closed = first !== undefined && first[0] === last?.[0] && first[1] === last[1]
  return closed && ring.length > 1 ? ring.slice(0, -1) : ring
}

/**
 * A ring, closed, without the `share` of its positions that matter least, 0 for none and 1 for all but a triangle: again and again the one
 * goes whose triangle with its neighbours is the smallest.
 * Source: M. Visvalingam, J. D. Whyatt, Line generalisation by repeated elimination of points, https://doi.org/10.1179/000870493786962263
 */
export function reducedRing(ring: Ring, share: number): Ring {
  const open = corners(ring)
  const count = open.length
  const goes = Math.floor((count - leastCorners) * share)
  if (goes < 1) return [...open, ...open.slice(0, 1)]
  const before = Int32Array.from(open, (_, at) => (at + count - 1) % count)
  const after = Int32Array.from(open, (_, at) => (at + 1) % count)
  const area = (at: number) => triangle(open[before[at]!]!, open[at]!, open[after[at]!]!)
  const queue = new Queue(open.map((_, at) => area(at)))
  const gone = new Uint8Array(count)
  for (let left = goes; left > 0; left--) {
    const at = queue.takeLeast()
    gone[at] = 1
    after[before[at]!] = after[at]!
    before[after[at]!] = before[at]!
    for (const neighbour of [before[at]!, after[at]!])
      queue.change(neighbour, Math.max(area(neighbour), queue.weights[at]!))
  }
  const kept = open.filter((_, at) => gone[at] === 0)
  return [...kept, ...kept.slice(0, 1)]
}

function triangle([ax, ay]: Position, [bx, by]: Position, [cx, cy]: Position): number {
  return Math.abs((bx - ax) * (cy - ay) - (by - ay) * (cx - ax))
}

/** Places 0 … count - 1 by weight, the lower place first where weights are equal. A heap that knows where each place is. */
class Queue {
  readonly weights: Float64Array
  readonly #heap: Int32Array
  readonly #slots: Int32Array
  #size: number

  constructor(weights: readonly number[]) {
    this.weights = Float64Array.from(weights)
    this.#heap = Int32Array.from(weights, (_, at) => at)
    this.#slots = this.#heap.slice()
    this.#size = weights.length
    for (let slot = this.#size >> 1; slot >= 0; slot--) this.#sink(slot)
  }

  takeLeast(): number {
    const least = this.#heap[0]!
    this.#size -= 1
    this.#put(0, this.#heap[this.#size]!)
    this.#sink(0)
    return least
  }

  change(place: number, weight: number): void {
    this.weights[place] = weight
    this.#rise(this.#slots[place]!)
    this.#sink(this.#slots[place]!)
  }

  #put(slot: number, place: number): void {
    this.#heap[slot] = place
    this.#slots[place] = slot
  }

  #less(p: number, q: number): boolean {
    return this.weights[p]! < this.weights[q]! || (this.weights[p] === this.weights[q] && p < q)
  }

  #rise(from: number): void {
    let slot = from
    const place = this.#heap[slot]!
    while (slot > 0) {
      const parent = this.#heap[(slot - 1) >> 1]!
      if (!this.#less(place, parent)) break
      this.#put(slot, parent)
      slot = (slot - 1) >> 1
    }
    this.#put(slot, place)
  }

  #sink(from: number): void {
    let slot = from
    const place = this.#heap[slot]!
    for (;;) {
      let child = slot * 2 + 1
      if (child >= this.#size) break
      if (child + 1 < this.#size && this.#less(this.#heap[child + 1]!, this.#heap[child]!))
        child += 1
      if (!this.#less(this.#heap[child]!, place)) break
      this.#put(slot, this.#heap[child]!)
      slot = child
    }
    this.#put(slot, place)
  }
}
