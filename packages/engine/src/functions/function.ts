import { LichenError } from '../base/errors.ts'
import { Dual, numberOrNull, type Value } from '../value/dual.ts'
import { formatNumber } from '../value/format-number.ts'
import type { FormatSettings } from '../value/format-settings.ts'
import { readValue } from '../value/interpret.ts'
import type { NumberFormat } from '../value/number-format.ts'
import { textOf } from '../value/text-of.ts'
import type { FunctionPorts } from './ports.ts'

export interface FunctionContext {
  readonly settings: FormatSettings
  /** Local time in serial days. */
  readonly clock: { now(): number }
  readonly ports: FunctionPorts
}

export type ResultFormat = 'date' | 'time' | 'timestamp' | 'interval' | 'money' | 'number'

/** A function of single values. `evaluate` gets between `minArgs` and `maxArgs` values and never NaN or infinities. */
export interface ScalarFunction {
  readonly name: string
  readonly signature: string
  readonly meaning: string
  /** Public page that documents the imitated behaviour. */
  readonly source: string
  readonly category: string
  /** Where the function may be used. */
  readonly context: 'both' | 'script' | 'chart'
  readonly minArgs: number
  readonly maxArgs: number
  readonly resultFormat?: ResultFormat
  /** Same arguments give the same result within one evaluation. */
  readonly pure: boolean
  evaluate(args: readonly Value[], context: FunctionContext): Value
}

export interface Definition {
  readonly signature: string
  readonly meaning: string
  readonly min?: number
  readonly max?: number
  readonly context?: 'both' | 'script' | 'chart'
  readonly resultFormat?: ResultFormat
  readonly pure?: boolean
  readonly evaluate: (args: readonly Value[], context: FunctionContext) => Value
}

export const anyNumber: number = Number.POSITIVE_INFINITY

const help =
  'https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/Scripting/'

/** The functions of one category; the name is what stands before the parenthesis of the signature. */
export function category(
  name: string,
  page: string,
  definitions: readonly Definition[],
): readonly ScalarFunction[] {
  return definitions.map((definition) => {
    const { signature, meaning, evaluate, context = 'both', pure = true } = definition
    const min = definition.min ?? 1
    return {
      name: signature.slice(0, signature.indexOf('(')),
      signature,
      meaning,
      source: help + page,
      category: name,
      context,
      minArgs: min,
      maxArgs: definition.max ?? min,
      ...(definition.resultFormat === undefined ? {} : { resultFormat: definition.resultFormat }),
      pure,
      evaluate,
    }
  })
}

export const trueValue = -1
export const falseValue = 0

/** What True() and False() give: shown as words, as their page says. */
export const shownTrue: Dual = new Dual('True', trueValue)
export const shownFalse: Dual = new Dual('False', falseValue)

export function truth(condition: boolean): Value {
  return condition ? trueValue : falseValue
}

/** The number of an argument, read from its text where needed; NaN when missing or not a number. */
export function numberArg(args: readonly Value[], index: number, context: FunctionContext): number {
  return readValue(args[index] ?? null, context.settings)
}

/** As `numberArg`, with an initial value for an argument that is missing or NULL. */
export function optionalNumber(
  args: readonly Value[],
  index: number,
  context: FunctionContext,
  initial: number,
): number {
  const value = args[index] ?? null
  return value === null ? initial : readValue(value, context.settings)
}

export function textArg(
  args: readonly Value[],
  index: number,
  context: FunctionContext,
): string | null {
  return textOf(args[index] ?? null, context.settings)
}

export function optionalText(
  args: readonly Value[],
  index: number,
  context: FunctionContext,
): string | undefined {
  return textArg(args, index, context) ?? undefined
}

/** Whether a value counts as true: any number but 0. */
export function isTrue(value: Value, context: FunctionContext): boolean {
  const number = readValue(value, context.settings)
  return !Number.isNaN(number) && number !== 0
}

/** A number shown by the default pattern of a kind; NULL for NaN. */
export function shown(
  number: number,
  kind: 'date' | 'time' | 'timestamp' | 'interval',
  context: FunctionContext,
): Value {
  if (!Number.isFinite(number)) return null
  return new Dual(formatNumber(number, { kind, pattern: '' }, context.settings), number)
}

/** The definition with its numbers shown by a format, which is that of the result too when the pattern is the default of its kind. */
export function shownBy(
  format: NumberFormat & { readonly kind: ResultFormat },
  definition: Definition,
): Definition {
  return {
    ...definition,
    ...(format.pattern === '' ? { resultFormat: format.kind } : {}),
    evaluate: (args, context) => {
      const value = definition.evaluate(args, context)
      if (typeof value !== 'number') return value
      return new Dual(formatNumber(value, format, context.settings), value)
    },
  }
}

/** Source: https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/Scripting/FinancialFunctions/financial-functions.htm */
export function asMoney(definition: Definition): Definition {
  return shownBy({ kind: 'money', pattern: '' }, definition)
}

/** A function of numbers alone. */
export function numeric(
  signature: string,
  meaning: string,
  count: number,
  calculate: (...numbers: readonly number[]) => number,
): Definition {
  return {
    signature,
    meaning,
    min: count,
    evaluate: (args, context) => {
      const first = numberArg(args, 0, context)
      // One and two arguments are passed without an array between.
      if (count <= 1) return numberOrNull(calculate(first))
      const second = numberArg(args, 1, context)
      if (count === 2) return numberOrNull(calculate(first, second))
      const rest = args.slice(2).map((_, index) => numberArg(args, index + 2, context))
      return numberOrNull(calculate(first, second, ...rest))
    },
  }
}

/**
 * A function about something that does not exist here: NULL, as documented for functions that an installation does not support.
 * Source: https://help.qlik.com/en-US/sense/February2024/Subsystems/Hub/Content/Sense_Hub/LoadData/file-system-access-restriction.htm
 */
export function absent(signature: string, meaning: string, count: number): Definition {
  return { signature, meaning: `${meaning}, NULL here`, min: count, evaluate: () => null }
}

/** @throws LichenError `expression-invalid` when the host gave no such port. */
export function portOf<Name extends keyof FunctionPorts>(
  context: FunctionContext,
  port: Name,
  functionName: string,
): NonNullable<FunctionPorts[Name]> {
  const found = context.ports[port]
  if (found === undefined)
    throw new LichenError(
      'expression-invalid',
      `${functionName}() is not available here: what it asks about does not exist in this place. Use it where a script or app provides it`,
      { details: { function: functionName } },
    )
  return found
}
