import { codeWidth } from '../storage/column.ts'
import { type Operand, type Program, recordCount } from '../wasm/program.ts'
import { stepsOf } from './keyed-positions.ts'

/** How a program reads a dimension of its records: by codes of its own, or by those of a key and a map from them. */
export interface DimensionCodes {
  readonly codes: Operand
  readonly map: Uint32Array | undefined
}

const identity = {}

/**
 * Plans the positions of the records among all tuples of one or two dimensions of `sizes` codes; `present` has a byte for each position,
 * a buffer of its own and a length that is a multiple of 4, and tells which ones occur when the program has run, `found` is then told whether that of NULLs did. @throws NotInArena
 */
export function planPositions(
  program: Program,
  sizes: readonly number[],
  [first, second]: readonly [DimensionCodes, DimensionCodes | undefined],
  present: Uint8Array,
  found: (hasNull: boolean) => void,
): Operand {
  const seen = program.words(present.length >>> 2)
  program.atEnd(() => {
    const words = new Uint32Array(present.buffer)
    for (const part of seen.each) for (let at = 0; at < words.length; at++) words[at]! |= part[at]!
    found(seen.each.some(([first = 0]) => (first & 0xff) !== 0))
  })
  if (second === undefined && first.map === undefined) {
    program.call('seen32', first.codes, recordCount, seen.at)
    return first.codes
  }
  const out = program.slots()
  const width = codeWidth(present.length - 1)
  const inner = sizes[1] ?? 1
  const steps = (map: Uint32Array | undefined, size: number, stride: number): Operand => ({
    base: program.arena.tableFor(
      map ?? identity,
      `${map === undefined ? size : ''}*${stride}/${width}`,
      () => stepsOf(map, size, stride, width),
    ),
  })
  const firstSteps = steps(first.map, sizes[0] ?? 0, second === undefined ? 1 : inner)
  if (second === undefined)
    program.call(`markOne${width * 8}`, firstSteps, first.codes, recordCount, out, seen.at)
  else
    program.call(
      `markTwo${width * 8}`,
      firstSteps,
      first.codes,
      steps(second.map, inner, 1),
      second.codes,
      recordCount,
      out,
      seen.at,
    )
  return out
}
