import { LichenError } from '../base/errors.ts'
import type { SourceBatch, SourceColumn } from '../storage/source.ts'
import { Dual, type Value } from '../value/dual.ts'
import type { NumberFormat } from '../value/number-format.ts'

/** A value as a host program has it. Date is a UTC timestamp, boolean is the dual -1/0, bigint beyond ±2^53 is text, null and undefined are NULL. */
export type CellInput = string | number | bigint | boolean | Date | null | undefined

/** Rows as objects. Fields are the union of their keys, in order of first appearance. */
export type RowsInput = readonly Readonly<Record<string, CellInput>>[]

/** Columns by field name, all of one length. */
export type ColumnsInput = Readonly<
  Record<string, readonly CellInput[] | Float64Array | Int32Array>
>

/** What is used of an apache-arrow Table, so that the engine needs no import of it. */
export interface ArrowTableInput {
  readonly numRows: number
  readonly schema: {
    readonly fields: readonly {
      readonly name: string
      readonly type: { readonly typeId: number; readonly unit?: number; readonly scale?: number }
    }[]
  }
  getChildAt(index: number): { readonly length: number; get(index: number): unknown } | null
}

export type TableInput = RowsInput | ColumnsInput | ArrowTableInput

/** A table given by the host, ready for the table builder. */
export interface SourceTable {
  readonly name: string
  readonly fields: readonly string[]
  readonly batch: SourceBatch
}

const timestamp: NumberFormat = { kind: 'timestamp', pattern: '' }
const date: NumberFormat = { kind: 'date', pattern: '' }
const millisecondsPerDay = 86_400_000
/** Serial day of 1970-01-01. */
const epochDay = 25_569

/** @throws LichenError `invalid-argument` naming table, field and row */
export function sourceTable(name: string, input: TableInput): SourceTable {
  if (isArrow(input)) return fromArrow(name, input)
  return isRows(input) ? fromRows(name, input) : fromColumns(name, input)
}

function isRows(input: TableInput): input is RowsInput {
  return Array.isArray(input)
}

function isArrow(input: TableInput): input is ArrowTableInput {
  return !Array.isArray(input) && 'getChildAt' in input && typeof input.getChildAt === 'function'
}

function fromRows(name: string, rows: RowsInput): SourceTable {
  const values = new Map<string, Value[]>()
  const dates = new Map<string, number>()
  rows.forEach((row, index) => {
    for (const field of Object.keys(row)) {
      let column = values.get(field)
      if (column === undefined) {
        column = new Array<Value>(rows.length).fill(null)
        values.set(field, column)
      }
      const cell = row[field]
      if (cell instanceof Date) dates.set(field, (dates.get(field) ?? 0) + 1)
      column[index] = cellValue(cell, name, field, index)
    }
  })
  const fields = [...values.keys()]
  const columns = fields.map((field) =>
    columnOf(values.get(field) ?? [], (dates.get(field) ?? 0) > 0),
  )
  return { name, fields, batch: { rows: rows.length, columns } }
}

function fromColumns(name: string, input: ColumnsInput): SourceTable {
  const fields = Object.keys(input)
  const rows = fields.length === 0 ? 0 : (input[fields[0] ?? '']?.length ?? 0)
  const columns = fields.map((field): SourceColumn => {
    const cells = input[field] ?? []
    if (cells.length !== rows) {
      throw new LichenError(
        'invalid-argument',
        `Table "${name}": column "${field}" has ${cells.length} values, the first column has ${rows}`,
      )
    }
    if (cells instanceof Float64Array) return { kind: 'numbers', values: cells, format: null }
    if (cells instanceof Int32Array)
      return { kind: 'numbers', values: Float64Array.from(cells), format: null }
    let hasDate = false
    const values = Array.from(cells, (cell, row) => {
      hasDate ||= cell instanceof Date
      return cellValue(cell, name, field, row)
    })
    return columnOf(values, hasDate)
  })
  return { name, fields, batch: { rows, columns } }
}

/** A column of nothing but numbers and NULL travels as numbers, so that a date column keeps one format for all its values. */
function columnOf(values: readonly Value[], hasDate: boolean): SourceColumn {
  if (!hasDate || !values.every((value) => value === null || typeof value === 'number'))
    return { kind: 'values', values }
  return {
    kind: 'numbers',
    values: Float64Array.from(values, (value) => value ?? Number.NaN),
    format: timestamp,
  }
}

function cellValue(cell: unknown, table: string, field: string, row: number): Value {
  switch (typeof cell) {
    case 'string':
      return cell
    case 'number':
      return Number.isFinite(cell) ? cell : null
    case 'boolean':
      return cell ? new Dual('true', -1) : new Dual('false', 0)
    case 'bigint':
      return BigInt.asIntN(54, cell) === cell ? Number(cell) : String(cell)
    case 'undefined':
      return null
    default:
      if (cell === null) return null
      if (cell instanceof Date) {
        const time = cell.getTime()
        return Number.isNaN(time) ? null : time / millisecondsPerDay + epochDay
      }
      throw new LichenError(
        'invalid-argument',
        `Table "${table}", field "${field}", row ${row}: a cell is a string, number, bigint, boolean, Date or null`,
        { details: { table, field, row } },
      )
  }
}

/** Arrow's type ids, from its Type enumeration: https://arrow.apache.org/docs/js/enums/Arrow.dom.Type.html */
const arrowType = { decimal: 7, date: 8, time: 9, timestamp: 10 }
/** Milliseconds per tick of TimeUnit SECOND, MILLISECOND, MICROSECOND, NANOSECOND. */
const timeUnits = [1000, 1, 1e-3, 1e-6]

function fromArrow(name: string, table: ArrowTableInput): SourceTable {
  const fields = table.schema.fields.map((field) => field.name)
  const columns = table.schema.fields.map((field, index): SourceColumn => {
    const vector = table.getChildAt(index)
    if (vector === null || vector.length !== table.numRows) {
      throw new LichenError(
        'invalid-argument',
        `Table "${name}": Arrow column "${field.name}" does not have ${table.numRows} values`,
      )
    }
    const { typeId, unit = 1, scale = 0 } = field.type
    if (typeId === arrowType.date || typeId === arrowType.timestamp) {
      const values = Float64Array.from({ length: table.numRows }, (_, row) => {
        const cell = vector.get(row)
        return cell === null ? Number.NaN : Number(cell) / millisecondsPerDay + epochDay
      })
      return { kind: 'numbers', values, format: typeId === arrowType.date ? date : timestamp }
    }
    if (typeId === arrowType.time) {
      const milliseconds = timeUnits[unit] ?? 1
      const values = Float64Array.from({ length: table.numRows }, (_, row) => {
        const cell = vector.get(row)
        return cell === null ? Number.NaN : (Number(cell) * milliseconds) / millisecondsPerDay
      })
      return { kind: 'numbers', values, format: { kind: 'time', pattern: '' } }
    }
    const read =
      typeId === arrowType.decimal
        ? (cell: unknown) => decimal(cell, scale)
        : (cell: unknown) => cell
    const values = Array.from({ length: table.numRows }, (_, row) =>
      cellValue(read(vector.get(row)), name, field.name, row),
    )
    return { kind: 'values', values }
  })
  return { name, fields, batch: { rows: table.numRows, columns } }
}

/** Arrow hands a decimal over as little-endian 32-bit words of a two's-complement integer, to be divided by 10^scale. */
function decimal(cell: unknown, scale: number): unknown {
  if (!(cell instanceof Uint32Array)) return cell
  let integer = 0n
  for (let word = cell.length - 1; word >= 0; word--)
    integer = (integer << 32n) | BigInt(cell[word] ?? 0)
  return Number(BigInt.asIntN(cell.length * 32, integer)) / 10 ** scale
}
