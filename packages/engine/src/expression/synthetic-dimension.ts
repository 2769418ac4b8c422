import { LichenError } from '../base/errors.ts'
import { numberOf, type Value } from '../value/dual.ts'
import type { Call } from './ast.ts'
import type { Dimension } from './dimension.ts'
import type { GroupSet } from './group-set.ts'
import type { Grouping } from './grouping.ts'
import { printExpression } from './printer.ts'

const lists: ReadonlySet<string> = new Set(['valuelist', 'valueloop'])

/** Arguments of ValueList and ValueLoop. */
export const listArgs: Readonly<Record<string, readonly [min: number, max: number]>> = {
  valuelist: [1, Number.POSITIVE_INFINITY],
  valueloop: [1, 3],
}

/**
 * What a call of ValueList or ValueLoop is known by: measures of a chart refer to its synthetic dimension by restating the call with the
 * same arguments. undefined for other calls.
 * https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/ChartFunctions/SyntheticDimensionFunctions/valueloop.htm
 */
export function listKey(call: Call): string | undefined {
  const name = call.name.toLowerCase()
  return lists.has(name) ? `${name}(${call.args.map(printExpression).join()})` : undefined
}

/**
 * The values of a list in their order, each once. `args` are those of the call; a loop without end has one value.
 * @throws LichenError `expression-invalid` for a loop that does not end, `budget-exceeded` for one of more than `limit` values
 */
export function listValues(call: Call, args: readonly Value[], limit: number): readonly Value[] {
  return call.name.toLowerCase() === 'valuelist' ? distinct(args) : loop(args, limit)
}

function distinct(values: readonly Value[]): readonly Value[] {
  const byKey = new Map(values.map((value) => [keyOf(value), value]))
  byKey.delete(keyOf(null))
  return [...byKey.values()]
}

function keyOf(value: Value): string {
  const number = value === null ? Number.NaN : numberOf(value)
  return Number.isNaN(number) ? `t${value === null ? 0 : JSON.stringify(value)}` : `n${number}`
}

function loop(args: readonly Value[], limit: number): readonly Value[] {
  const [from = Number.NaN, to = from, step = 1] = args.map((arg) => numberOf(arg))
  const count = Math.floor((to - from) / step + 1e-9) + 1
  if (Number.isNaN(from + to + step) || step === 0)
    throw new LichenError(
      'expression-invalid',
      'ValueLoop takes numbers from, to and step, and a step other than 0',
    )
  if (count > limit)
    throw new LichenError(
      'budget-exceeded',
      `ValueLoop makes ${count} values, more than the limit of ${limit} groups`,
      { details: { values: count, limit } },
    )
  return Array.from({ length: Math.max(0, count) }, (_, turn) => from + turn * step)
}

/** A dimension of given values, which no selection touches and no table holds. */
export function syntheticDimension(key: string, values: readonly Value[]): Dimension {
  return {
    field: undefined,
    fields: [],
    size: values.length + 1,
    listed: key,
    codes: (block) => new Uint32Array(block.count),
    valueOf: (code) => values[code - 1] ?? null,
  }
}

/** The groups of a synthetic dimension: all its values, whatever is selected. */
export function fillListed({ table, dimensions }: GroupSet): void {
  const [{ size } = { size: 1 }] = dimensions
  const codes = Uint32Array.from({ length: size - 1 }, (_, index) => index + 1)
  table.expect(codes.length)
  table.add([codes], codes.length, new Uint32Array(codes.length))
}

/** What measures find by key in the rows of a grouping; `codes` are those of the rows by dimension. */
export function listedOf(
  dimensions: readonly Dimension[],
  codes: readonly Uint32Array[],
): Grouping['listed'] {
  return new Map(
    dimensions.flatMap((dimension, d) => {
      const own = codes[d]
      return dimension.listed === undefined || own === undefined
        ? []
        : [[dimension.listed, { dimension, codes: own }] as const]
    }),
  )
}
