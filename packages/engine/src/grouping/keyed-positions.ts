import { type Codes, codeWidth } from '../storage/column.ts'

/** By code, what it adds to a position; as wide as the largest position. `map`: code of a key → code of the dimension. */
export function stepsOf(
  map: Uint32Array | undefined,
  size: number,
  stride: number,
  width: 1 | 2 | 4,
): Codes {
  const length = map?.length ?? size
  const steps =
    width === 1
      ? new Uint8Array(length)
      : width === 2
        ? new Uint16Array(length)
        : new Uint32Array(length)
  for (let code = 0; code < length; code++)
    steps[code] = (map === undefined ? code : map[code]!) * stride
  return steps
}

/**
 * Positions of tuples, read from the codes of keys: each dimension's own code is looked up by the code of a key of the records and
 * multiplied by its stride at once.
 */
export class KeyedPositions {
  readonly #present: Uint8Array
  readonly #steps: readonly Codes[]

  /** `maps[d]`: code of the key → code of dimension d; undefined where records have the dimension's own codes. */
  constructor(
    sizes: readonly number[],
    maps: readonly (Uint32Array | undefined)[],
    present: Uint8Array,
  ) {
    this.#present = present
    const width = codeWidth(present.length - 1)
    this.#steps = sizes.map((size, d) => {
      const stride = sizes.slice(d + 1).reduce((all, inner) => all * inner, 1)
      return stepsOf(maps[d], size, stride, width)
    })
  }

  /** Marks the positions of a block as there and gives them in `out`. */
  add(codes: readonly Uint32Array[], count: number, out: Uint32Array): Uint32Array {
    const [first = out, second, ...others] = codes
    const [firstSteps = out, secondSteps] = this.#steps
    const present = this.#present
    if (others.length > 0) this.#addMany(codes, count, out)
    else if (second === undefined) {
      if (firstSteps instanceof Uint8Array) markOne8(firstSteps, first, count, out, present)
      else if (firstSteps instanceof Uint16Array) markOne16(firstSteps, first, count, out, present)
      else markOne32(firstSteps, first, count, out, present)
    } else if (firstSteps instanceof Uint8Array && secondSteps instanceof Uint8Array)
      markTwo8(firstSteps, first, secondSteps, second, count, out, present)
    else if (firstSteps instanceof Uint16Array && secondSteps instanceof Uint16Array)
      markTwo16(firstSteps, first, secondSteps, second, count, out, present)
    else if (firstSteps instanceof Uint32Array && secondSteps instanceof Uint32Array)
      markTwo32(firstSteps, first, secondSteps, second, count, out, present)
    return out
  }

  #addMany(codes: readonly Uint32Array[], count: number, out: Uint32Array): void {
    out.fill(0, 0, count)
    for (const [d, own] of codes.entries()) addSteps(this.#steps[d]!, own, count, out)
    for (let i = 0; i < count; i++) this.#present[out[i]!] = 1
  }
}

// One function per width of the steps, so that each stays monomorphic; narrow steps of many keys stay in the cache.
function markOne8(
  steps: Uint8Array,
  codes: Uint32Array,
  count: number,
  out: Uint32Array,
  present: Uint8Array,
): void {
  let i = 0
  for (; i + 4 <= count; i += 4) {
    const a = steps[codes[i]!]!
    const b = steps[codes[i + 1]!]!
    const c = steps[codes[i + 2]!]!
    const d = steps[codes[i + 3]!]!
    out[i] = a
    out[i + 1] = b
    out[i + 2] = c
    out[i + 3] = d
    present[a] = 1
    present[b] = 1
    present[c] = 1
    present[d] = 1
  }
  for (; i < count; i++) {
    const at = steps[codes[i]!]!
    out[i] = at
    present[at] = 1
  }
}

function markTwo8(
  firstSteps: Uint8Array,
  first: Uint32Array,
  secondSteps: Uint8Array,
  second: Uint32Array,
  count: number,
  out: Uint32Array,
  present: Uint8Array,
): void {
  let i = 0
  for (; i + 4 <= count; i += 4) {
    const a = firstSteps[first[i]!]! + secondSteps[second[i]!]!
    const b = firstSteps[first[i + 1]!]! + secondSteps[second[i + 1]!]!
    const c = firstSteps[first[i + 2]!]! + secondSteps[second[i + 2]!]!
    const d = firstSteps[first[i + 3]!]! + secondSteps[second[i + 3]!]!
    out[i] = a
    out[i + 1] = b
    out[i + 2] = c
    out[i + 3] = d
    present[a] = 1
    present[b] = 1
    present[c] = 1
    present[d] = 1
  }
  for (; i < count; i++) {
    const at = firstSteps[first[i]!]! + secondSteps[second[i]!]!
    out[i] = at
    present[at] = 1
  }
}

function markOne16(
  steps: Uint16Array,
  codes: Uint32Array,
  count: number,
  out: Uint32Array,
  present: Uint8Array,
): void {
  let i = 0
  for (; i + 4 <= count; i += 4) {
    const a = steps[codes[i]!]!
    const b = steps[codes[i + 1]!]!
    const c = steps[codes[i + 2]!]!
    const d = steps[codes[i + 3]!]!
    out[i] = a
    out[i + 1] = b
    out[i + 2] = c
    out[i + 3] = d
    present[a] = 1
    present[b] = 1
    present[c] = 1
    present[d] = 1
  }
  for (; i < count; i++) {
    const at = steps[codes[i]!]!
    out[i] = at
    present[at] = 1
  }
}

function markTwo16(
  firstSteps: Uint16Array,
  first: Uint32Array,
  secondSteps: Uint16Array,
  second: Uint32Array,
  count: number,
  out: Uint32Array,
  present: Uint8Array,
): void {
  let i = 0
  for (; i + 4 <= count; i += 4) {
    const a = firstSteps[first[i]!]! + secondSteps[second[i]!]!
    const b = firstSteps[first[i + 1]!]! + secondSteps[second[i + 1]!]!
    const c = firstSteps[first[i + 2]!]! + secondSteps[second[i + 2]!]!
    const d = firstSteps[first[i + 3]!]! + secondSteps[second[i + 3]!]!
    out[i] = a
    out[i + 1] = b
    out[i + 2] = c
    out[i + 3] = d
    present[a] = 1
    present[b] = 1
    present[c] = 1
    present[d] = 1
  }
  for (; i < count; i++) {
    const at = firstSteps[first[i]!]! + secondSteps[second[i]!]!
    out[i] = at
    present[at] = 1
  }
}

function markOne32(
  steps: Uint32Array,
  codes: Uint32Array,
  count: number,
  out: Uint32Array,
  present: Uint8Array,
): void {
  let i = 0
  for (; i + 4 <= count; i += 4) {
    const a = steps[codes[i]!]!
    const b = steps[codes[i + 1]!]!
    const c = steps[codes[i + 2]!]!
    const d = steps[codes[i + 3]!]!
    out[i] = a
    out[i + 1] = b
    out[i + 2] = c
    out[i + 3] = d
    present[a] = 1
    present[b] = 1
    present[c] = 1
    present[d] = 1
  }
  for (; i < count; i++) {
    const at = steps[codes[i]!]!
    out[i] = at
    present[at] = 1
  }
}

function markTwo32(
  firstSteps: Uint32Array,
  first: Uint32Array,
  secondSteps: Uint32Array,
  second: Uint32Array,
  count: number,
  out: Uint32Array,
  present: Uint8Array,
): void {
  let i = 0
  for (; i + 4 <= count; i += 4) {
    const a = firstSteps[first[i]!]! + secondSteps[second[i]!]!
    const b = firstSteps[first[i + 1]!]! + secondSteps[second[i + 1]!]!
    const c = firstSteps[first[i + 2]!]! + secondSteps[second[i + 2]!]!
    const d = firstSteps[first[i + 3]!]! + secondSteps[second[i + 3]!]!
    out[i] = a
    out[i + 1] = b
    out[i + 2] = c
    out[i + 3] = d
    present[a] = 1
    present[b] = 1
    present[c] = 1
    present[d] = 1
  }
  for (; i < count; i++) {
    const at = firstSteps[first[i]!]! + secondSteps[second[i]!]!
    out[i] = at
    present[at] = 1
  }
}

function addSteps(steps: Codes, codes: Uint32Array, count: number, out: Uint32Array): void {
  for (let i = 0; i < count; i++) out[i]! += steps[codes[i]!]!
}
