import type { FormatSettings } from '../value/format-settings.ts'
import type { Vector } from '../value/vector.ts'
import type { CodedAccumulator, CodedArgument } from './coded.ts'

/** In place of a group: the slot takes no part. */
export const noGroup = 0xffffffff

export interface AggregationSettings {
  /** Number of arguments of the call. */
  readonly args: number
  readonly distinct: boolean
  readonly format: FormatSettings
}

/**
 * The running state of one aggregation over dense groups. `resize` comes before the first `add` of a group and keeps what is there.
 * `add` reads `count` slots of each argument; slot i belongs to `groups[i]`, or to none (`noGroup`). Arrays are the caller's.
 */
export interface Accumulator {
  resize(groups: number): void
  add(groups: Uint32Array, args: readonly Vector[], count: number): void
  /** Results of `count` groups from `firstGroup` on, into slots 0 … count - 1. May be called several times, after the last `add`. */
  write(out: Vector, firstGroup: number, count: number): void
}

export interface AggregationDefinition {
  readonly name: string
  readonly signature: string
  readonly meaning: string
  /** Public page that documents the imitated behaviour. */
  readonly source: string
  readonly minArgs: number
  readonly maxArgs: number
  /** Only numbers of the first argument matter. */
  readonly numericOnly: boolean
  /** Seeing a value twice changes nothing. */
  readonly idempotent: boolean
  /** DISTINCT drops slots that repeat the first argument, or the whole list of arguments. */
  readonly distinctBy: 'first' | 'all'
  /** Where the automatic format comes from: the field inside, or none. */
  readonly resultFormat: 'argument' | 'none' | 'integer'
  create(settings: AggregationSettings): Accumulator
  /** The same over one argument that depends on one field, without DISTINCT. */
  createCoded?(argument: CodedArgument): CodedAccumulator
  /** The result is that of an argument times and plus other numbers if those are done to it: a sum or mean, or how many values there are. */
  readonly linear?: 'sum' | 'mean' | 'count'
  /** The same over the codes of a field, with DISTINCT. */
  createCodedDistinct?(argument: CodedArgument): CodedAccumulator
}

export const help =
  'https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/ChartFunctions/'

/** A definition from what differs; the name is what stands before the parenthesis of the signature. */
export function define(
  signature: string,
  meaning: string,
  page: string,
  create: (settings: AggregationSettings) => Accumulator,
  rest: {
    readonly args?: readonly [min: number, max: number]
    readonly numericOnly?: boolean
    readonly idempotent?: boolean
    readonly distinctBy?: 'first' | 'all'
    readonly resultFormat?: 'argument' | 'none' | 'integer'
    readonly linear?: 'sum' | 'mean' | 'count'
    readonly coded?: (argument: CodedArgument) => CodedAccumulator
    readonly codedDistinct?: (argument: CodedArgument) => CodedAccumulator
  } = {},
): AggregationDefinition {
  const [minArgs, maxArgs] = rest.args ?? [1, 1]
  return {
    name: signature.slice(0, signature.indexOf('(')),
    signature,
    meaning,
    source: help + page,
    minArgs,
    maxArgs,
    numericOnly: rest.numericOnly ?? false,
    idempotent: rest.idempotent ?? false,
    distinctBy: rest.distinctBy ?? 'first',
    resultFormat: rest.resultFormat ?? 'none',
    create,
    ...(rest.linear === undefined ? {} : { linear: rest.linear }),
    ...(rest.coded === undefined ? {} : { createCoded: rest.coded }),
    ...(rest.codedDistinct === undefined ? {} : { createCodedDistinct: rest.codedDistinct }),
  }
}

/** At least `length` slots, at least doubled, the old content kept. */
export function grown<T extends Float64Array | Uint32Array | Uint8Array>(
  array: T,
  length: number,
): T {
  if (array.length >= length) return array
  const size = Math.max(length, array.length * 2, 16)
  const next =
    array instanceof Float64Array
      ? new Float64Array(size)
      : array instanceof Uint32Array
        ? new Uint32Array(size)
        : new Uint8Array(size)
  next.set(array)
  return next as T
}
