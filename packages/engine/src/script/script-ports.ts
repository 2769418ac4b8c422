import { engineVersion } from '../base/version.ts'
import type { FunctionPorts } from '../functions/ports.ts'
import type { TableBuilder } from '../storage/table-builder.ts'
import { sameFieldValue } from '../value/compare.ts'
import type { Value } from '../value/dual.ts'
import { textOf } from '../value/text-of.ts'
import { codesOf } from './row-codes.ts'
import type { RunState } from './run-state.ts'

/** What functions ask of a running script. */
export function scriptPorts(state: RunState): FunctionPorts {
  const { space } = state
  const tableNamed = (name: string | undefined): TableBuilder | undefined =>
    name === undefined ? (state.loading ?? state.lastTable) : space.tables.get(name)
  const tableAt = (index: number): TableBuilder | undefined => [...space.tables.values()][index]
  return {
    peek(field, row, name) {
      const table = tableNamed(name)
      const column = table?.columnOf(field) ?? -1
      if (table === undefined || column < 0) return null
      const at = row < 0 ? table.rows + row : row
      return at < 0 || at >= table.rows ? null : table.valueAt(column, at)
    },
    exists: (field, value) => space.hasSymbols(field) && space.symbols(field).find(value) >= 0,
    applyMap: (map, value) => state.maps.get(map)?.find(value) ?? { found: false, value: null },
    mapNames: () => [...state.maps.keys()],
    mapEntries: (map) =>
      state.maps
        .get(map)
        ?.entries.map(
          ([from, to]) =>
            [textOf(from, space.settings) ?? '', textOf(to, space.settings) ?? ''] as const,
        ),
    lookUp: lookUps(tableNamed),
    autoNumber(key, counter) {
      let numbers = state.autoNumbers.get(counter)
      if (numbers === undefined) {
        numbers = new Map()
        state.autoNumbers.set(counter, numbers)
      }
      const known = numbers.get(key) ?? numbers.size + 1
      numbers.set(key, known)
      return known
    },
    noOfRows: (name) => space.tables.get(name)?.rows,
    noOfFields: (name) => space.tables.get(name)?.fields.length,
    noOfTables: () => space.tables.size - (state.newTable === undefined ? 0 : 1),
    tableName: (index) => tableAt(index)?.name,
    tableNumber(name) {
      const index = [...space.tables.keys()].indexOf(name)
      return index < 0 ? undefined : index
    },
    fieldName: (index, name) => space.tables.get(name)?.fields[index - 1],
    fieldNumber: (field, name) => (space.tables.get(name)?.columnOf(field) ?? -1) + 1,
    fieldValueList: (field) => (space.hasSymbols(field) ? fieldValues(field, state) : undefined),
    fieldValueCount: (field) => (space.hasSymbols(field) ? space.symbols(field).count : undefined),
    fieldValue(field, position) {
      if (!space.hasSymbols(field)) return null
      const symbols = space.symbols(field)
      return position >= 1 && position <= symbols.count ? symbols.valueAt(position - 1) : null
    },
    fieldIndex: (field, value) =>
      space.hasSymbols(field) ? space.symbols(field).find(value) + 1 : 0,
    recNo: () => state.record.recNo,
    rowNo: () => state.record.rowNo,
    iterNo: () => state.record.iterNo,
    isPartialReload: () => state.options.partial === true,
    reloadTime: () => state.started,
    random: () => state.random(),
    user: () => state.options.user ?? '',
    ...(state.options.computerName === undefined
      ? {}
      : { computerName: () => state.options.computerName ?? '' }),
    variable: (name) => state.variables.get(name),
    engineVersion: () => engineVersion,
    file: (path) => state.files.file(path),
    qvd: (path) => state.files.qvd(path),
    connectString: () => state.connections.description,
  }
}

export function fieldValues(field: string, state: RunState): Value[] {
  const symbols = state.space.symbols(field)
  return Array.from({ length: symbols.count }, (_, symbol) => symbols.valueAt(symbol))
}

/** First row of a table whose match field has a value; remembered per table state. */
function lookUps(
  tableNamed: (name: string | undefined) => TableBuilder | undefined,
): NonNullable<FunctionPorts['lookUp']> {
  const firstRows = new WeakMap<
    TableBuilder,
    Map<string, { readonly rows: number; readonly first: Int32Array }>
  >()
  return (field, matchField, value, name) => {
    const table = tableNamed(name)
    if (table === undefined || value === null) return null
    const column = table.columnOf(field)
    const match = table.columnOf(matchField)
    if (column < 0 || match < 0) return null
    const symbol = table.symbolsOf(match).find(value)
    if (symbol < 0) return null
    const known =
      firstRows.get(table) ??
      new Map<string, { readonly rows: number; readonly first: Int32Array }>()
    firstRows.set(table, known)
    let index = known.get(matchField)
    if (index === undefined || index.rows !== table.rows) {
      index = {
        rows: table.rows,
        first: firstRowOfCode(codesOf(table, match), table.symbolsOf(match).count),
      }
      known.set(matchField, index)
    }
    const row = index.first[symbol + 1] ?? -1
    return row < 0 || !sameFieldValue(table.valueAt(match, row), value)
      ? null
      : table.valueAt(column, row)
  }
}

function firstRowOfCode(codes: Uint32Array, symbols: number): Int32Array {
  const first = new Int32Array(symbols + 1).fill(-1)
  for (let row = codes.length - 1; row >= 0; row--) first[codes[row]!] = row
  return first
}
