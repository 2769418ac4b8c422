import type { WasmFunction } from './assembler.ts'
import {
  all,
  type Code,
  choice,
  constant,
  double,
  get,
  isLess,
  isMore,
  load32,
  loadDouble,
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
} from './instructions.ts'
import { entry, kernel, overSlots, placeOf, type Width, widths } from './kernel.ts'

/** out[i] = steps[codes[i]]; present[out[i]] = 1. Narrow steps of many codes stay in the cache. */
const markOne = (width: Width): WasmFunction =>
  kernel(
    `markOne${width * 8}`,
    ['steps', 'codes', 'count', 'out', 'present'],
    ['end', 'at'],
    ({ steps, codes, count, out, present, end, at }) =>
      overSlots(
        [
          [out, 4],
          [codes, 4],
        ],
        get(count),
        end,
        (slot) =>
          all(
            set(at, entry(steps, codes, slot, width)),
            store32(get(out), get(at), slot * 4),
            store8(plus(get(present), get(at)), constant(1)),
          ),
      ),
  )

/** out[i] = first[a[i]] + second[b[i]]; present[out[i]] = 1 */
const markTwo = (width: Width): WasmFunction =>
  kernel(
    `markTwo${width * 8}`,
    ['first', 'a', 'second', 'b', 'count', 'out', 'present'],
    ['end', 'at'],
    ({ first, a, second, b, count, out, present, end, at }) =>
      overSlots(
        [
          [out, 4],
          [a, 4],
          [b, 4],
        ],
        get(count),
        end,
        (slot) =>
          all(
            set(at, plus(entry(first, a, slot, width), entry(second, b, slot, width))),
            store32(get(out), get(at), slot * 4),
            store8(plus(get(present), get(at)), constant(1)),
          ),
      ),
  )

/** Over records that have a group and a code each. */
const overRecords = (
  local: { readonly groups: number; readonly codes: number; readonly count: number },
  end: number,
  body: (slot: number) => Code,
): Code =>
  overSlots(
    [
      [local.groups, 4],
      [local.codes, 4],
    ],
    get(local.count),
    end,
    body,
  )

const groupOf = (groups: number, slot: number): Code => load32(get(groups), slot * 4)

/** sums[groups[i]] += values[codes[i]] */
const sum: WasmFunction = kernel(
  'sum',
  ['groups', 'codes', 'count', 'values', 'sums'],
  ['end', 'at'],
  (local) =>
    overRecords(local, local.end, (slot) =>
      all(
        set(local.at, placeOf(get(local.sums), groupOf(local.groups, slot), 8)),
        storeDouble(
          get(local.at),
          plusDouble(
            loadDouble(get(local.at)),
            toDouble(entry(local.values, local.codes, slot, 4)),
          ),
        ),
      ),
    ),
)

/** counts[groups[i]] += 1 */
const tally: WasmFunction = kernel(
  'tally',
  ['groups', 'count', 'counts'],
  ['end', 'at'],
  ({ groups, count, counts, end, at }) =>
    overSlots([[groups, 4]], get(count), end, (slot) =>
      all(
        set(at, placeOf(get(counts), groupOf(groups, slot), 8)),
        storeDouble(get(at), plusDouble(loadDouble(get(at)), double(1))),
      ),
    ),
)

/** counts[groups[i]] += counted[codes[i]] */
const tallySome: WasmFunction = kernel(
  'tallySome',
  ['groups', 'codes', 'count', 'counted', 'counts'],
  ['end', 'at'],
  (local) =>
    overRecords(local, local.end, (slot) =>
      all(
        set(local.at, placeOf(get(local.counts), groupOf(local.groups, slot), 8)),
        storeDouble(
          get(local.at),
          plusDouble(
            loadDouble(get(local.at)),
            toDouble(entry(local.counted, local.codes, slot, 1)),
          ),
        ),
      ),
    ),
)

/** Sets bit codes[i] of the row of bits at groups[i] · stride bytes. */
const mark: WasmFunction = kernel(
  'mark',
  ['groups', 'codes', 'count', 'bits', 'stride'],
  ['end', 'code', 'at'],
  (local) =>
    overRecords(local, local.end, (slot) =>
      all(
        set(local.code, load32(get(local.codes), slot * 4)),
        set(
          local.at,
          plus(
            plus(get(local.bits), times(groupOf(local.groups, slot), get(local.stride))),
            shifted(shiftedRight(get(local.code), 5), 2),
          ),
        ),
        store32(get(local.at), or(load32(get(local.at)), shiftedBy(constant(1), get(local.code)))),
      ),
    ),
)

/** best[groups[i]] = the better of it and numbers[codes[i]]; NaN is never better. */
const extreme = (name: string, isBetter: (a: Code, b: Code) => Code): WasmFunction =>
  kernel(
    name,
    ['groups', 'codes', 'count', 'numbers', 'best'],
    ['end', 'at'],
    (local) =>
      overRecords(local, local.end, (slot) =>
        all(
          set(local.at, placeOf(get(local.best), groupOf(local.groups, slot), 8)),
          set(local.number, numberOf(local.numbers, local.codes, slot)),
          set(local.known, loadDouble(get(local.at))),
          storeDouble(
            get(local.at),
            choice(
              get(local.number),
              get(local.known),
              isBetter(get(local.number), get(local.known)),
            ),
          ),
        ),
      ),
    ['number', 'known'],
  )

const numberOf = (numbers: number, codes: number, slot: number): Code =>
  loadDouble(placeOf(get(numbers), load32(get(codes), slot * 4), 8))

/** Running sums, so that no addition waits for the one before. */
const four = ['first', 'second', 'third', 'fourth'] as const

/** sum[0] += the entries of a table, signed or as bytes, at the codes. */
const addAll = (name: string, width: 1 | 4): WasmFunction =>
  kernel(
    name,
    ['codes', 'count', 'values', 'sum'],
    ['end'],
    (local) => {
      const running = four.map((part) => local[part])
      return all(
        overSlots([[local.codes, 4]], get(local.count), local.end, (slot) => {
          const own = running[slot] ?? local.first
          return set(
            own,
            plusDouble(get(own), toDouble(entry(local.values, local.codes, slot, width))),
          )
        }),
        storeDouble(
          get(local.sum),
          running.reduce((all, own) => plusDouble(all, get(own)), loadDouble(get(local.sum))),
        ),
      )
    },
    four,
  )

/** best[0] = the best of it and the numbers at the codes. */
const bestOfAll = (name: string, isBetter: (a: Code, b: Code) => Code): WasmFunction =>
  kernel(
    name,
    ['codes', 'count', 'numbers', 'best'],
    ['end'],
    (local) =>
      all(
        set(local.known, loadDouble(get(local.best))),
        overSlots([[local.codes, 4]], get(local.count), local.end, (slot) =>
          all(
            set(local.number, numberOf(local.numbers, local.codes, slot)),
            set(
              local.known,
              choice(
                get(local.number),
                get(local.known),
                isBetter(get(local.number), get(local.known)),
              ),
            ),
          ),
        ),
        storeDouble(get(local.best), get(local.known)),
      ),
    ['number', 'known'],
  )

/** Kernels that put records into groups and aggregate them. */
export const groupKernels: readonly WasmFunction[] = [
  ...widths.flatMap((width) => [markOne(width), markTwo(width)]),
  sum,
  tally,
  tallySome,
  mark,
  extreme('least', isLess),
  extreme('most', isMore),
  addAll('sumAll', 4),
  addAll('tallyAll', 1),
  bestOfAll('leastOfAll', isLess),
  bestOfAll('mostOfAll', isMore),
]
