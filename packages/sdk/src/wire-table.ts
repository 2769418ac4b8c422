import type {
  ArrowTableInput,
  ColumnsInput,
  RowsInput,
  TableInput,
  TablesInput,
} from '@lichen/engine'

type ArrowField = ArrowTableInput['schema']['fields'][number]

/** A table as structured clone carries it. Arrow's classes lose their methods, so their cells travel, each column with its type. */
export type WireTable =
  | { readonly kind: 'plain'; readonly input: RowsInput | ColumnsInput }
  | {
      readonly kind: 'arrow'
      readonly numRows: number
      readonly fields: readonly ArrowField[]
      readonly columns: readonly (readonly unknown[] | Float64Array | null)[]
    }

export interface WireTables {
  readonly tables: Readonly<Record<string, WireTable>>
  /** Buffers made here, which the worker may have without another copy. */
  readonly transfer: readonly ArrayBuffer[]
}

export function wireTables(given: TablesInput): WireTables {
  const transfer: ArrayBuffer[] = []
  const tables = Object.fromEntries(
    Object.entries(given).map(([name, input]) => [name, wireTable(input, transfer)]),
  )
  return { tables, transfer }
}

export function receivedTables(tables: WireTables['tables']): TablesInput {
  return Object.fromEntries(
    Object.entries(tables).map(([name, table]) => [name, receivedTable(table)]),
  )
}

function wireTable(input: TableInput, transfer: ArrayBuffer[]): WireTable {
  if (isArrow(input)) return wireArrow(input, transfer)
  if (isRows(input)) return { kind: 'plain', input }
  const columns = Object.entries(input).map(([name, cells]) => [name, wireColumn(cells)])
  return { kind: 'plain', input: Object.fromEntries(columns) }
}

function isRows(input: RowsInput | ColumnsInput): input is RowsInput {
  return Array.isArray(input)
}

function isArrow(input: TableInput): input is ArrowTableInput {
  return !Array.isArray(input) && 'getChildAt' in input && typeof input.getChildAt === 'function'
}

/** Structured clone of a view takes its whole buffer along. */
function wireColumn(cells: ColumnsInput[string]): ColumnsInput[string] {
  const isView = cells instanceof Float64Array || cells instanceof Int32Array
  return isView && cells.byteLength < cells.buffer.byteLength ? cells.slice() : cells
}

function wireArrow(table: ArrowTableInput, transfer: ArrayBuffer[]): WireTable {
  const columns = table.schema.fields.map((_, index) => {
    const vector = table.getChildAt(index)
    if (vector === null) return null
    const cells = Array.from({ length: vector.length }, (_, row) => wireCell(vector.get(row)))
    if (!cells.every((cell) => typeof cell === 'number')) return cells
    const numbers = Float64Array.from(cells)
    transfer.push(numbers.buffer)
    return numbers
  })
  const fields = table.schema.fields.map(({ name, type: { typeId, unit, scale } }) => ({
    name,
    type: {
      typeId,
      ...(unit === undefined ? {} : { unit }),
      ...(scale === undefined ? {} : { scale }),
    },
  }))
  return { kind: 'arrow', numRows: table.numRows, fields, columns }
}

/** Lists and structures cannot be cloned; something the engine refuses with table, field and row goes in their place. */
function wireCell(cell: unknown): unknown {
  if (cell instanceof Uint32Array) return cell.slice()
  const refused = typeof cell === 'object' && cell !== null && !(cell instanceof Date)
  return refused ? {} : cell
}

function receivedTable(table: WireTable): TableInput {
  if (table.kind === 'plain') return table.input
  return {
    numRows: table.numRows,
    schema: { fields: table.fields },
    getChildAt(index) {
      const cells = table.columns[index]
      if (cells === undefined || cells === null) return null
      return { length: cells.length, get: (row) => cells[row] }
    },
  }
}
