import {
  all,
  and,
  assemble,
  type Code,
  constant,
  double,
  get,
  isBelow,
  load8,
  load16,
  load32,
  loadDouble,
  minus,
  or,
  plus,
  plusDouble,
  set,
  shifted,
  shiftedBy,
  shiftedRight,
  store8,
  store32,
  storeDouble,
  times,
  toDouble,
  trailingZeros,
  type WasmFunction,
  whileTrue,
} from './assembler.ts'

/** Slots handled in one turn of a loop. */
const unroll = 4

/** Over `count` slots of four bytes, four a turn, then one by one. The locals `cursor` and `others` are addresses that move along. */
function overSlots(
  cursor: number,
  others: readonly number[],
  count: Code,
  end: number,
  body: (offset: number) => Code,
): Code {
  const advance = (bytes: number): Code =>
    all(...[cursor, ...others].map((local) => set(local, plus(get(local), constant(bytes)))))
  const whole = shifted(and(count, constant(-unroll)), 2)
  return all(
    set(end, plus(get(cursor), whole)),
    whileTrue(
      isBelow(get(cursor), get(end)),
      all(...Array.from({ length: unroll }, (_, slot) => body(slot * 4)), advance(unroll * 4)),
    ),
    set(end, plus(get(end), shifted(and(count, constant(unroll - 1)), 2))),
    whileTrue(isBelow(get(cursor), get(end)), all(body(0), advance(4))),
  )
}

/** Bytes of an entry of a table or of a code. */
type Width = 1 | 2 | 4

const widths: readonly Width[] = [1, 2, 4]

const loadOf = (width: Width): ((address: Code, offset?: number) => Code) =>
  ({ 1: load8, 2: load16, 4: load32 })[width]

/** The address of an entry of a table of some width. */
const placeOf = (table: Code, index: Code, width: Width): Code => {
  const bits = { 1: 0, 2: 1, 4: 2 }[width]
  return plus(table, bits === 0 ? index : shifted(index, bits))
}

const entry = (table: number, codes: number, offset: number, width: Width): Code =>
  loadOf(width)(placeOf(get(table), load32(get(codes), offset), width))

/** out[i] = steps[codes[i]]; present[out[i]] = 1. Narrow steps of many codes stay in the cache. */
const markOne = (width: Width): WasmFunction => ({
  name: `markOne${width * 8}`,
  // steps, codes, count, out, present
  params: 5,
  locals: 2,
  body: overSlots(3, [1], get(2), 5, (offset) =>
    all(
      set(6, entry(0, 1, offset, width)),
      store32(get(3), get(6), offset),
      store8(plus(get(4), get(6)), constant(1)),
    ),
  ),
})

/** out[i] = first[a[i]] + second[b[i]]; present[out[i]] = 1 */
const markTwo = (width: Width): WasmFunction => ({
  name: `markTwo${width * 8}`,
  // first, a, second, b, count, out, present
  params: 7,
  locals: 2,
  body: overSlots(5, [1, 3], get(4), 7, (offset) =>
    all(
      set(8, plus(entry(0, 1, offset, width), entry(2, 3, offset, width))),
      store32(get(5), get(8), offset),
      store8(plus(get(6), get(8)), constant(1)),
    ),
  ),
})

/** sums[groups[i]] += values[codes[i]] */
const sum: WasmFunction = {
  name: 'sum',
  // groups, codes, count, values, sums
  params: 5,
  locals: 2,
  body: overSlots(0, [1], get(2), 5, (offset) =>
    all(
      set(6, plus(get(4), shifted(load32(get(0), offset), 3))),
      storeDouble(get(6), plusDouble(loadDouble(get(6)), toDouble(entry(3, 1, offset, 4)))),
    ),
  ),
}

/** counts[groups[i]] += 1 */
const tally: WasmFunction = {
  name: 'tally',
  // groups, count, counts
  params: 3,
  locals: 2,
  body: overSlots(0, [], get(1), 3, (offset) =>
    all(
      set(4, plus(get(2), shifted(load32(get(0), offset), 3))),
      storeDouble(get(4), plusDouble(loadDouble(get(4)), double(1))),
    ),
  ),
}

/** Sets bit codes[i] of the row of bits at groups[i] · stride words. */
const mark: WasmFunction = {
  name: 'mark',
  // groups, codes, count, bits, stride in bytes
  params: 5,
  locals: 3,
  body: overSlots(0, [1], get(2), 5, (offset) =>
    all(
      set(6, load32(get(1), offset)),
      set(
        7,
        plus(
          plus(get(3), times(load32(get(0), offset), get(4))),
          shifted(shiftedRight(get(6), 5), 2),
        ),
      ),
      store32(get(7), or(load32(get(7)), shiftedBy(constant(1), get(6)))),
    ),
  ),
}

/** Bit i of word w of `out` says whether passes[codes[w · 32 + i]] is 1; codes of 1, 2 or 4 bytes. */
function filter(width: Width): WasmFunction {
  const load = loadOf(width)
  const bit = (i: number): Code => {
    const passes = load8(plus(get(2), load(get(0), i * width)))
    return i === 0 ? passes : shifted(passes, i)
  }
  const word = Array.from({ length: 31 }, (_, i) => i + 1).reduce(
    (bits, i) => or(bits, bit(i)),
    bit(0),
  )
  return {
    name: `filter${width * 8}`,
    // codes, words, passes, out
    params: 4,
    locals: 1,
    body: all(
      set(4, plus(get(3), shifted(get(1), 2))),
      whileTrue(
        isBelow(get(3), get(4)),
        all(
          store32(get(3), word),
          set(0, plus(get(0), constant(32 * width))),
          set(3, plus(get(3), constant(4))),
        ),
      ),
    ),
  }
}

/** The numbers of the bits set in `words` words, counted from `first`, ascending; the address behind the last one goes to `end`. */
const members: WasmFunction = {
  name: 'members',
  // bits, words, first, out, end
  params: 5,
  locals: 2,
  body: all(
    set(5, plus(get(0), shifted(get(1), 2))),
    whileTrue(
      isBelow(get(0), get(5)),
      all(
        set(6, load32(get(0))),
        whileTrue(
          get(6),
          all(
            store32(get(3), plus(get(2), trailingZeros(get(6)))),
            set(3, plus(get(3), constant(4))),
            set(6, and(get(6), minus(get(6), constant(1)))),
          ),
        ),
        set(0, plus(get(0), constant(4))),
        set(2, plus(get(2), constant(32))),
      ),
    ),
    store32(get(4), get(3)),
  ),
}

/** out[i] = codes[rows[i] - first]; codes of 1, 2 or 4 bytes. */
function gather(width: Width): WasmFunction {
  return {
    name: `gather${width * 8}`,
    // codes, rows, first, count, out
    params: 5,
    locals: 1,
    body: all(
      // Where row 0 would stand.
      set(0, minus(get(0), times(get(2), constant(width)))),
      overSlots(4, [1], get(3), 5, (offset) => store32(get(4), entry(0, 1, offset, width), offset)),
    ),
  }
}

type MarkOne = (steps: number, codes: number, count: number, out: number, present: number) => void
type MarkTwo = (
  first: number,
  a: number,
  second: number,
  b: number,
  count: number,
  out: number,
  present: number,
) => void

/** Addresses are bytes from the start of the memory, counts are slots; numbers in names are the bits of codes or of steps. */
export interface Kernels {
  readonly markOne8: MarkOne
  readonly markOne16: MarkOne
  readonly markOne32: MarkOne
  readonly markTwo8: MarkTwo
  readonly markTwo16: MarkTwo
  readonly markTwo32: MarkTwo
  sum(groups: number, codes: number, count: number, values: number, sums: number): void
  tally(groups: number, count: number, counts: number): void
  mark(groups: number, codes: number, count: number, bits: number, stride: number): void
  filter8(codes: number, words: number, passes: number, out: number): void
  filter16(codes: number, words: number, passes: number, out: number): void
  filter32(codes: number, words: number, passes: number, out: number): void
  gather8(codes: number, rows: number, first: number, count: number, out: number): void
  gather16(codes: number, rows: number, first: number, count: number, out: number): void
  gather32(codes: number, rows: number, first: number, count: number, out: number): void
  members(bits: number, words: number, first: number, out: number, end: number): void
}

/** The module's bytes for a memory of exactly so many pages of 64 KiB. */
export function kernelModule(pages: number): Uint8Array {
  return assemble(
    [
      ...widths.flatMap((width) => [markOne, markTwo, filter, gather].map((make) => make(width))),
      sum,
      tally,
      mark,
      members,
    ],
    pages,
  )
}
