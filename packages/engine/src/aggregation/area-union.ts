import { type Polygon, type Ring, signedArea } from '../math/geometry.ts'
import { areaPieces, type Piece, type Vertices } from './area-pieces.ts'

/**
 * The area that at least one of the polygons covers: outer boundaries counterclockwise, holes clockwise, closed, without positions in the
 * middle of straight lines. The order of the polygons does not matter.
 */
export function unionOfAreas(polygons: readonly Polygon[]): readonly Polygon[] {
  const { vertices, pieces } = areaPieces(polygons)
  const edges = boundary(vertices, pieces)
  const rings = ringsOf(vertices, edges).map((ring) => straightened(vertices, ring))
  return nested(rings.filter((ring) => ring.length > 3).map(fromFirst))
}

interface Directed {
  readonly piece: Piece
  readonly forward: boolean
}

/** The pieces with area on one side alone, as from → to with the area on the left. */
function boundary(vertices: Vertices, pieces: readonly Piece[]): Map<number, number[]> {
  const edges = new Map<number, number[]>()
  for (const chain of chains(pieces)) {
    const longest = chain.reduce((best, next) =>
      vertices.length(next.piece.a, next.piece.b) > vertices.length(best.piece.a, best.piece.b)
        ? next
        : best,
    )
    const { left, right } = coverBeside(vertices, pieces, longest.piece)
    if (left > 0 === right > 0) continue
    const along = longest.forward === left > 0
    for (const { piece, forward } of chain) {
      const [from, to] = forward === along ? [piece.a, piece.b] : [piece.b, piece.a]
      const ends = edges.get(from)
      if (ends === undefined) edges.set(from, [to])
      else ends.push(to)
    }
  }
  return edges
}

/** Runs of pieces that nothing else meets: what lies beside one of them lies beside them all. */
function chains(pieces: readonly Piece[]): readonly (readonly Directed[])[] {
  const at = new Map<number, Piece[]>()
  for (const piece of pieces)
    for (const end of [piece.a, piece.b]) at.set(end, [...(at.get(end) ?? []), piece])
  const seen = new Set<Piece>()
  const follow = (start: Piece, forward: boolean): readonly Directed[] => {
    const run: Directed[] = []
    let end = forward ? start.b : start.a
    let last = start
    for (;;) {
      const meeting = at.get(end) ?? []
      const next = meeting.length === 2 ? meeting.find((piece) => piece !== last) : undefined
      if (next === undefined || seen.has(next)) return run
      seen.add(next)
      const onward = next.a === end
      run.push({ piece: next, forward: onward === forward })
      end = onward ? next.b : next.a
      last = next
    }
  }
  return pieces.flatMap((piece) => {
    if (seen.has(piece)) return []
    seen.add(piece)
    return [[{ piece, forward: true }, ...follow(piece, true), ...follow(piece, false)]]
  })
}

/** How many polygons cover what lies to the left and to the right of a piece, counted along a line from its middle to the outside. */
function coverBeside(
  { xs, ys }: Vertices,
  pieces: readonly Piece[],
  piece: Piece,
): { readonly left: number; readonly right: number } {
  const steep = Math.abs(ys[piece.b]! - ys[piece.a]!) > Math.abs(xs[piece.b]! - xs[piece.a]!)
  // Across a steep piece the line runs sideways, which swaps the axes and so left and right.
  const [us, vs, turned] = steep ? [ys, xs, -1] : [xs, ys, 1]
  const step = ({ a, b, cover }: Piece) => cover * Math.sign(us[b]! - us[a]!) * turned
  const u = (us[piece.a]! + us[piece.b]!) / 2
  const v = (vs[piece.a]! + vs[piece.b]!) / 2
  let outward = 0
  for (const other of pieces) {
    const ua = us[other.a]!
    const ub = us[other.b]!
    if (ua <= u === ub <= u || other === piece) continue
    const va = vs[other.a]!
    if (va + ((u - ua) / (ub - ua)) * (vs[other.b]! - va) > v) outward -= step(other)
  }
  const inward = outward - step(piece)
  return Math.sign(us[piece.b]! - us[piece.a]!) * turned > 0
    ? { left: outward, right: inward }
    : { left: inward, right: outward }
}

/** Closed walks along the boundary that meet no position twice, without the repetition of the first. */
function ringsOf(vertices: Vertices, edges: Map<number, number[]>): readonly (readonly number[])[] {
  const rings: number[][] = []
  for (const [start, starts] of edges)
    while (starts.length > 0) {
      const path = [start]
      const places = new Map([[start, 0]])
      let before = start
      let next = starts.pop()
      while (next !== undefined) {
        const place = places.get(next)
        if (place === undefined) {
          places.set(next, path.length)
          path.push(next)
        } else {
          const ring = path.splice(place + 1)
          for (const met of ring) places.delete(met)
          rings.push([next, ...ring])
          if (place === 0) break
        }
        const onward: number | undefined = takeNext(vertices, edges.get(next) ?? [], before, next)
        before = next
        next = onward
      }
    }
  return rings
}

/** The end that comes first clockwise from where the walk came from: what lies between them is area. Taken out of the list. */
function takeNext(
  { xs, ys }: Vertices,
  ends: number[],
  before: number,
  at: number,
): number | undefined {
  if (ends.length < 2) return ends.pop()
  const angle = (to: number) => Math.atan2(ys[to]! - ys[at]!, xs[to]! - xs[at]!)
  const from = angle(before)
  const turn = (to: number) => {
    const clockwise = from - angle(to)
    return clockwise > 0 ? clockwise : clockwise + 2 * Math.PI
  }
  const best = ends.reduce((least, to) => (turn(to) < turn(least) ? to : least))
  ends.splice(ends.indexOf(best), 1)
  return best
}

/** Positions of the ring, closed, without those on the straight line between their neighbours. */
function straightened(vertices: Vertices, ring: readonly number[]): Ring {
  const corners = ring.filter((at, index) => {
    const before = ring[(index + ring.length - 1) % ring.length] ?? at
    const after = ring[(index + 1) % ring.length] ?? at
    return vertices.cross(before, at, after) !== 0
  })
  return [...corners, ...corners.slice(0, 1)].map((at) => [vertices.xs[at]!, vertices.ys[at]!])
}

/** The ring from its leftmost, lowest position on. */
function fromFirst(ring: Ring): Ring {
  const open = ring.slice(1)
  let first = 0
  for (const [index, [x, y]] of open.entries()) {
    const [leastX, leastY] = open[first]!
    if (x < leastX || (x === leastX && y < leastY)) first = index
  }
  return [...open.slice(first), ...open.slice(0, first + 1)]
}

function byFirst(a: Ring, b: Ring): number {
  const [[ax, ay], [bx, by]] = [a[0]!, b[0]!]
  return ax - bx || ay - by || a.length - b.length
}

/** Each hole goes to the smallest outer boundary around it. */
function nested(rings: readonly Ring[]): readonly Polygon[] {
  const outer = rings.filter((ring) => signedArea(ring) > 0).sort(byFirst)
  const polygons: Ring[][] = outer.map((ring) => [ring])
  for (const hole of rings.filter((ring) => signedArea(ring) < 0).sort(byFirst)) {
    let owner: Ring[] | undefined
    for (const polygon of polygons) {
      if (!contains(polygon[0]!, hole)) continue
      if (owner === undefined || signedArea(polygon[0]!) < signedArea(owner[0]!)) owner = polygon
    }
    owner?.push(hole)
  }
  return polygons
}

/** Whether the middle of the other ring's first edge, which lies on no other edge, is within. */
function contains(ring: Ring, other: Ring): boolean {
  const [[ax, ay], [bx, by]] = [other[0]!, other[1]!]
  const [x, y] = [(ax + bx) / 2, (ay + by) / 2]
  let within = false
  let [beforeX, beforeY] = ring[ring.length - 1]!
  for (const [atX, atY] of ring) {
    if (atY > y !== beforeY > y && x < atX + ((y - atY) / (beforeY - atY)) * (beforeX - atX))
      within = !within
    beforeX = atX
    beforeY = atY
  }
  return within
}
