import { LoadError } from '@lichen/engine'
import type { FlatTable } from './flatbuffer.ts'

/**
 * The types that are read. Widths are in bits, times in ticks per day.
 * `bytes` holds texts or binary values: found by offsets of 32 or 64 bits, or by views of 128.
 */
export type ArrowType =
  | { readonly kind: 'null' | 'bool' | 'struct' }
  | { readonly kind: 'int'; readonly bits: number; readonly signed: boolean }
  | { readonly kind: 'float'; readonly bits: number }
  | { readonly kind: 'decimal'; readonly bits: number; readonly scale: number }
  | { readonly kind: 'date'; readonly bits: number; readonly ticksPerDay: number }
  | { readonly kind: 'time'; readonly bits: number; readonly ticksPerDay: number }
  | { readonly kind: 'timestamp'; readonly bits: number; readonly ticksPerDay: number }
  | { readonly kind: 'duration'; readonly bits: number; readonly ticksPerDay: number }
  | { readonly kind: 'interval'; readonly bits: number; readonly unit: IntervalUnit }
  | { readonly kind: 'bytes'; readonly text: boolean; readonly bits: 32 | 64 | 128 }
  | { readonly kind: 'fixedBytes'; readonly bits: number }
  | { readonly kind: 'list'; readonly bits: 32 | 64 }
  | { readonly kind: 'fixedList'; readonly size: number }

export type IntervalUnit = 'months' | 'days and milliseconds' | 'months, days and nanoseconds'

export interface ArrowField {
  readonly name: string
  readonly type: ArrowType
  readonly children: readonly ArrowField[]
  /** Set where records hold places in a dictionary of values of this type. */
  readonly dictionary: ArrowDictionary | undefined
}

export interface ArrowDictionary {
  readonly id: number
  readonly index: { readonly bits: number; readonly signed: boolean }
}

const maxDepth = 64
const maxFields = 65_535
const maxNameBytes = 16 << 20
const dayMs = 86_400_000
const ticksByUnit = [dayMs / 1000, dayMs, dayMs * 1e3, dayMs * 1e6]
const millisecond = 1

/** Fields of a Schema table. @throws LoadError `source-unsupported`, `budget-exceeded`; Error for damaged metadata */
export function readSchema(schema: FlatTable, source: string): ArrowField[] {
  if (schema.short(0) !== 0)
    throw new LoadError(
      'source-unsupported',
      `${source}: big-endian Arrow is not read; write it little-endian`,
    )
  let left = maxFields
  let nameBytes = maxNameBytes
  const fieldOf = (table: FlatTable, depth: number): ArrowField => {
    nameBytes -= table.vector(0, 1).length
    if (depth > maxDepth || --left < 0 || nameBytes < 0)
      throw new LoadError(
        'budget-exceeded',
        `${source}: the schema has more than ${maxFields} fields, ${maxNameBytes} bytes of names or ${maxDepth} levels`,
      )
    const name = table.text(0)
    const encoding = table.table(4)
    const type = typeOf(table.byte(2), table.table(3), name, source)
    const children = table.tables(5).map((child) => fieldOf(child, depth + 1))
    const wanted = type.kind === 'list' || type.kind === 'fixedList' ? 1 : undefined
    if (type.kind !== 'struct' && children.length !== (wanted ?? 0))
      throw new Error(`the field ${name} has ${children.length} children`)
    return {
      name,
      type,
      children,
      dictionary:
        encoding === undefined
          ? undefined
          : { id: encoding.long(0), index: integer(encoding.table(1)) },
    }
  }
  return schema.tables(1).map((field) => fieldOf(field, 1))
}

/** Without a type the places of a dictionary have 32 bits. */
function integer(table: FlatTable | undefined): { bits: number; signed: boolean } {
  const bits = table?.int(0) ?? 32
  if (![8, 16, 32, 64].includes(bits)) throw new Error(`integers of ${bits} bits`)
  return { bits, signed: table === undefined || table.byte(1) !== 0 }
}

const unread: Readonly<Record<number, string>> = {
  14: 'a union',
  22: 'run-end encoded',
  25: 'a list view',
  26: 'a list view',
}

/** By the number of the type in the union `Type` of the format's Schema.fbs. */
function typeOf(
  number: number,
  table: FlatTable | undefined,
  field: string,
  source: string,
): ArrowType {
  const int = (slot: number, otherwise = 0): number => table?.int(slot, otherwise) ?? otherwise
  const unit = (otherwise: number): number => table?.short(0, otherwise) ?? otherwise
  const ticks = (otherwise: number): number => {
    const found = ticksByUnit[unit(otherwise)]
    if (found === undefined) throw new Error('an unknown unit of time')
    return found
  }
  switch (number) {
    case 1:
      return { kind: 'null' }
    case 2:
      return { kind: 'int', ...integer(table) }
    case 3:
      return { kind: 'float', bits: oneOf([16, 32, 64], [16, 32, 64][unit(0)]) }
    case 4:
    case 5:
      return { kind: 'bytes', text: number === 5, bits: 32 }
    case 6:
      return { kind: 'bool' }
    case 7:
      return {
        kind: 'decimal',
        bits: oneOf([32, 64, 128, 256], int(2, 128)),
        scale: checkedScale(int(1)),
      }
    case 8:
      return unit(millisecond) === 0
        ? { kind: 'date', bits: 32, ticksPerDay: 1 }
        : { kind: 'date', bits: 64, ticksPerDay: dayMs }
    case 9:
      return {
        kind: 'time',
        bits: oneOf([32, 64], int(1, 32)),
        ticksPerDay: ticks(millisecond),
      }
    case 10:
      return { kind: 'timestamp', bits: 64, ticksPerDay: ticks(0) }
    case 11:
      return intervalOf(unit(0))
    case 12:
    case 17:
      return { kind: 'list', bits: 32 }
    case 13:
      return { kind: 'struct' }
    case 15:
      return { kind: 'fixedBytes', bits: 8 * natural(int(0)) }
    case 16:
      return { kind: 'fixedList', size: natural(int(0)) }
    case 18:
      return { kind: 'duration', bits: 64, ticksPerDay: ticks(millisecond) }
    case 19:
    case 20:
      return { kind: 'bytes', text: number === 20, bits: 64 }
    case 21:
      return { kind: 'list', bits: 64 }
    case 23:
    case 24:
      return { kind: 'bytes', text: number === 24, bits: 128 }
    default:
      throw new LoadError(
        'source-unsupported',
        `${source}: the Arrow field ${field} is ${unread[number] ?? `of the type ${number}`}, which is not read; cast it to a plain type`,
      )
  }
}

function intervalOf(unit: number): ArrowType {
  if (unit === 0) return { kind: 'interval', bits: 32, unit: 'months' }
  if (unit === 1) return { kind: 'interval', bits: 64, unit: 'days and milliseconds' }
  return { kind: 'interval', bits: 128, unit: 'months, days and nanoseconds' }
}

function oneOf(allowed: readonly number[], bits: number | undefined): number {
  if (bits === undefined || !allowed.includes(bits)) throw new Error('a type of an unknown width')
  return bits
}

function natural(size: number): number {
  if (size < 0) throw new Error('a type of a negative size')
  return size
}

/** 256 bits hold no more than 76 digits. */
function checkedScale(scale: number): number {
  if (Math.abs(scale) > 1000) throw new Error('a decimal of an impossible scale')
  return scale
}
