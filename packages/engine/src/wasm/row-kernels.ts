import type { WasmFunction } from './assembler.ts'
import {
  all,
  and,
  type Code,
  constant,
  get,
  isBelow,
  load8,
  load32,
  loadLanes8,
  loadLanes16,
  minus,
  or,
  plus,
  set,
  shifted,
  store8,
  store32,
  storeLanes,
  times,
  trailingZeros,
  whileTrue,
} from './instructions.ts'
import { entry, kernel, loadOf, overSlots, placeOf, storeOf, type Width, widths } from './kernel.ts'

/** Bit i of word w of `out` says whether passes[codes[w · 32 + i]] is 1. */
function filter(width: Width): WasmFunction {
  const load = loadOf(width)
  return kernel(
    `filter${width * 8}`,
    ['codes', 'words', 'passes', 'out'],
    ['end'],
    ({ codes, words, passes, out, end }) => {
      const bit = (i: number): Code => {
        const passing = load8(plus(get(passes), load(get(codes), i * width)))
        return i === 0 ? passing : shifted(passing, i)
      }
      const word = Array.from({ length: 31 }, (_, i) => i + 1).reduce(
        (bits, i) => or(bits, bit(i)),
        bit(0),
      )
      return all(
        set(end, plus(get(out), shifted(get(words), 2))),
        whileTrue(
          isBelow(get(out), get(end)),
          all(
            store32(get(out), word),
            set(codes, plus(get(codes), constant(32 * width))),
            set(out, plus(get(out), constant(4))),
          ),
        ),
      )
    },
  )
}

/** The numbers of the bits set in `words` words, counted from `first`, ascending. */
const members: WasmFunction = kernel(
  'members',
  ['bits', 'words', 'first', 'out'],
  ['end', 'word'],
  ({ bits, words, first, out, end, word }) =>
    all(
      set(end, plus(get(bits), shifted(get(words), 2))),
      whileTrue(
        isBelow(get(bits), get(end)),
        all(
          set(word, load32(get(bits))),
          whileTrue(
            get(word),
            all(
              store32(get(out), plus(get(first), trailingZeros(get(word)))),
              set(out, plus(get(out), constant(4))),
              set(word, and(get(word), minus(get(word), constant(1)))),
            ),
          ),
          set(bits, plus(get(bits), constant(4))),
          set(first, plus(get(first), constant(32))),
        ),
      ),
    ),
)

/** out[i] = codes[rows[i]], as wide as the codes. */
function gather(width: Width): WasmFunction {
  const store = storeOf(width)
  return kernel(
    `gather${width * 8}`,
    ['codes', 'rows', 'count', 'out'],
    ['end'],
    ({ codes, rows, count, out, end }) =>
      overSlots(
        [
          [rows, 4],
          [out, width],
        ],
        get(count),
        end,
        (slot) => store(get(out), entry(codes, rows, slot, width), slot * width),
      ),
  )
}

/** out[i] = codes[i], four bytes wide. */
function widen(width: 1 | 2): WasmFunction {
  const lanes = width === 1 ? loadLanes8 : loadLanes16
  return kernel(
    `widen${width * 8}`,
    ['codes', 'count', 'out'],
    ['end'],
    ({ codes, count, out, end }) =>
      all(
        set(end, plus(get(codes), times(and(get(count), constant(-4)), constant(width)))),
        whileTrue(
          isBelow(get(codes), get(end)),
          all(
            storeLanes(get(out), lanes(get(codes))),
            set(codes, plus(get(codes), constant(4 * width))),
            set(out, plus(get(out), constant(16))),
          ),
        ),
        overSlots(
          [
            [codes, width],
            [out, 4],
          ],
          and(get(count), constant(3)),
          end,
          (slot) => store32(get(out), loadOf(width)(get(codes), slot * width), slot * 4),
        ),
      ),
  )
}

/** seen[codes[i]] = 1 */
function seen(width: Width): WasmFunction {
  return kernel(`seen${width * 8}`, ['codes', 'count', 'seen'], ['end'], (local) =>
    overSlots([[local.codes, width]], get(local.count), local.end, (slot) =>
      store8(plus(get(local.seen), loadOf(width)(get(local.codes), slot * width)), constant(1)),
    ),
  )
}

/** counts[codes[i]] += 1 */
function count(width: Width): WasmFunction {
  return kernel(
    `count${width * 8}`,
    ['codes', 'count', 'counts'],
    ['end', 'at'],
    ({ codes, count, counts, end, at }) =>
      overSlots([[codes, width]], get(count), end, (slot) =>
        all(
          set(at, placeOf(get(counts), loadOf(width)(get(codes), slot * width), 4)),
          store32(get(at), plus(load32(get(at)), constant(1))),
        ),
      ),
  )
}

/** For each bit set in `words` words: `visit` with the code of its row, where row 0 of the words is row `first` of the codes. */
function ofBits(
  name: string,
  width: Width,
  visit: (target: number, code: Code, at: number) => Code,
): WasmFunction {
  return kernel(
    `${name}${width * 8}`,
    ['codes', 'bits', 'words', 'first', 'target'],
    ['end', 'word', 'at'],
    ({ codes, bits, words, first, target, end, word, at }) =>
      all(
        set(codes, plus(get(codes), times(get(first), constant(width)))),
        set(end, plus(get(bits), shifted(get(words), 2))),
        whileTrue(
          isBelow(get(bits), get(end)),
          all(
            set(word, load32(get(bits))),
            whileTrue(
              get(word),
              all(
                visit(
                  target,
                  loadOf(width)(placeOf(get(codes), trailingZeros(get(word)), width)),
                  at,
                ),
                set(word, and(get(word), minus(get(word), constant(1)))),
              ),
            ),
            set(bits, plus(get(bits), constant(4))),
            set(codes, plus(get(codes), constant(32 * width))),
          ),
        ),
      ),
  )
}

/** seen[code] = 1 for the codes of the rows whose bit is set. */
const seenOfBits = (width: Width): WasmFunction =>
  ofBits('seenOfBits', width, (target, code) => store8(plus(get(target), code), constant(1)))

/** counts[code] += 1 for the codes of the rows whose bit is set. */
const countOfBits = (width: Width): WasmFunction =>
  ofBits('countOfBits', width, (target, code, at) =>
    all(
      set(at, placeOf(get(target), code, 4)),
      store32(get(at), plus(load32(get(at)), constant(1))),
    ),
  )

/** Kernels that read the rows of one column. */
export const rowKernels: readonly WasmFunction[] = [
  ...widths.flatMap((width) =>
    [filter, gather, seen, count, seenOfBits, countOfBits].map((make) => make(width)),
  ),
  widen(1),
  widen(2),
  members,
]
