import { assert } from '../base/assert.ts'
import { type Allocator, placedBytes } from '../storage/allocator.ts'
import { Bitset } from '../storage/bitset.ts'
import { Column, codeWidth } from '../storage/column.ts'
import { placeCodes } from '../storage/column-builder.ts'
import type { SymbolTable } from '../storage/symbol-table.ts'
import { SymbolTableBuilder } from '../storage/symbol-table-builder.ts'
import type { DataSpace, TableBuilder } from '../storage/table-builder.ts'
import type { FormatSettings } from '../value/format-settings.ts'
import { assembleModel } from './assemble-model.ts'
import { loosenCycles } from './association-graph.ts'
import { valueTags } from './field-tags.ts'
import { KeyCombinations } from './key-combinations.ts'
import type { Model } from './model.ts'
import { planSyntheticKeys, type SyntheticGroup } from './synthetic-keys.ts'

export interface BuildOptions {
  /** How the model's numbers and dates are shown. */
  readonly settings: FormatSettings
  /** Author's tags by field name. */
  readonly tags?: ReadonlyMap<string, readonly string[]>
  /** Comments by field name / table name. */
  readonly comments?: {
    readonly fields?: ReadonlyMap<string, string>
    readonly tables?: ReadonlyMap<string, string>
  }
  /** Tables of LOOSEN TABLE. */
  readonly loosened?: ReadonlySet<string>
  /** Fields whose names begin or end so are tagged `$hidden` (HidePrefix, HideSuffix). */
  readonly hidePrefix?: string
  readonly hideSuffix?: string
}

/** A table between the space and the model: its columns by field name. */
interface DraftTable {
  readonly name: string
  readonly rows: number
  readonly columns: Map<string, Column>
  readonly synthetic: boolean
  readonly loaded?: readonly string[]
}

/**
 * Makes the model of the tables in a space: values no row uses are left out (load order is kept), fields shared in twos become
 * synthetic keys (see `planSyntheticKeys`), circular references are loosened (see `loosenCycles`), links and tags follow.
 * A combination of a synthetic key with a NULL part links nothing; one of NULLs only is NULL. The space stays as it was;
 * release it when no more is to be loaded.
 * @throws LichenError `memory-budget-exceeded`
 */
export function buildModel(space: DataSpace, options: BuildOptions): Model {
  const { allocator } = space
  const symbols = new Map<string, SymbolTable>()
  const groups = planSyntheticKeys([...space.tables.values()])
  const tables = draftTables(space, symbols, groups)
  for (const group of groups) {
    tables.push(makeSynthetic(group, tables, allocator))
    symbols.set(group.key, keySymbols(tables.at(-1)?.rows ?? 0, options.settings, allocator))
  }

  const names = [...symbols.keys()]
  const indexOf = new Map(names.map((name, index) => [name, index]))
  const graph = tables.map(({ name, rows, columns, synthetic }) => ({
    name,
    rows,
    synthetic,
    fields: [...columns.keys()].map((field) => indexOf.get(field) ?? -1),
  }))
  const { loose, notes } = loosenCycles(graph, options.loosened)
  const keys = new Set(groups.map((group) => group.key))
  return assembleModel({
    tables: tables.map((table, index) => ({
      ...table,
      columns: new Map(
        [...table.columns].map(([field, column]) => [indexOf.get(field) ?? -1, column]),
      ),
      loose: loose[index] === true,
      comment: options.comments?.tables?.get(table.name) ?? '',
    })),
    fields: names.map((name) => {
      const table = symbols.get(name)
      assert(table !== undefined, `field ${name} has symbols`)
      return {
        name,
        symbols: table,
        tags: fieldTags(name, table, keys.has(name), options),
        comment: options.comments?.fields?.get(name) ?? '',
        system: keys.has(name),
      }
    }),
    settings: options.settings,
    allocator,
    notes,
  })
}

/** Final columns and symbols of every table of the space; `symbols` is filled in order of first appearance. */
function draftTables(
  space: DataSpace,
  symbols: Map<string, SymbolTable>,
  groups: readonly SyntheticGroup[],
): DraftTable[] {
  const remaps = new Map<string, Uint32Array | null>()
  for (const field of space.fields()) {
    const builder = space.symbols(field)
    const finished = builder.finish(withoutNull(space.usedCodes(field)))
    symbols.set(field, finished.symbols)
    remaps.set(field, finished.remap)
  }
  const tables = [...space.tables.values()]
  space.allocator.reserve(columnBytes(tables, symbols) + keyBytes(tables, groups))
  const keyed = new Set(groups.flatMap((group) => group.tables))
  return tables.map((table, place) => ({
    name: table.name,
    rows: table.rows,
    columns: new Map(
      table.fields.map((field, index) => [
        field,
        table.column(index).finish(remaps.get(field) ?? null),
      ]),
    ),
    synthetic: false,
    ...(keyed.has(place) ? { loaded: table.fields } : {}),
  }))
}

/** At most what the columns of the tables take. */
function columnBytes(
  tables: readonly TableBuilder[],
  symbols: ReadonlyMap<string, SymbolTable>,
): number {
  let bytes = 0
  for (const { rows, fields } of tables)
    for (const field of fields)
      bytes += placedBytes(rows * codeWidth(symbols.get(field)?.count ?? 0))
  return bytes
}

/** At most what the columns of synthetic keys take in the tables they link. */
function keyBytes(tables: readonly TableBuilder[], groups: readonly SyntheticGroup[]): number {
  let bytes = 0
  for (const group of groups)
    for (const index of group.tables) bytes += placedBytes((tables[index]?.rows ?? 0) * 4)
  return bytes
}

/** The same set over symbols instead of codes. */
function withoutNull(codes: Bitset): Bitset {
  const symbols = new Bitset(codes.size - 1)
  codes.forEach((code) => {
    if (code > 0) symbols.add(code - 1)
  })
  return symbols
}

/** Moves the group's fields out of its tables into the synthetic table, which is returned. */
function makeSynthetic(
  group: SyntheticGroup,
  tables: readonly DraftTable[],
  allocator: Allocator,
): DraftTable {
  const combinations = new KeyCombinations(group.fields.length)
  for (const index of group.tables) {
    const table = tables[index]
    assert(table !== undefined, `table ${index} of ${group.key} exists`)
    const parts = group.fields.flatMap((field) => table.columns.get(field) ?? [])
    assert(
      parts.length === group.fields.length,
      `table ${table.name} holds all fields of ${group.key}`,
    )
    const keys = combinations.keysOf(index, parts, table.rows)
    for (const field of group.fields) {
      for (const { codes } of table.columns.get(field)?.segments ?? [])
        allocator.release(codes, 'columns')
      table.columns.delete(field)
    }
    table.columns.set(group.key, packed(keys, combinations.count, allocator))
  }
  const columns = new Map([[group.key, countingColumn(combinations.count, allocator)]])
  for (const [part, field] of group.fields.entries()) {
    columns.set(field, combinations.partColumn(part, allocator))
  }
  return { name: group.table, rows: combinations.count, columns, synthetic: true }
}

function packed(keys: Uint32Array, largest: number, allocator: Allocator): Column {
  const codes = placeCodes(keys.length, largest, allocator)
  codes.set(keys)
  return new Column([{ start: 0, codes }])
}

/** Row r has code r + 1. */
function countingColumn(rows: number, allocator: Allocator): Column {
  const codes = placeCodes(rows, rows, allocator)
  for (let row = 0; row < rows; row++) codes[row] = row + 1
  return new Column([{ start: 0, codes }])
}

/** The values of a synthetic key: 1, 2, 3 … */
function keySymbols(count: number, settings: FormatSettings, allocator: Allocator): SymbolTable {
  const builder = new SymbolTableBuilder(allocator, settings)
  for (let key = 1; key <= count; key++) builder.addNumber(key, null, null, '', key - 1)
  const { symbols } = builder.finish()
  builder.release()
  return symbols
}

function fieldTags(
  name: string,
  symbols: SymbolTable,
  synthetic: boolean,
  options: BuildOptions,
): readonly string[] {
  const hidden =
    synthetic ||
    (options.hidePrefix !== undefined &&
      options.hidePrefix !== '' &&
      name.startsWith(options.hidePrefix)) ||
    (options.hideSuffix !== undefined &&
      options.hideSuffix !== '' &&
      name.endsWith(options.hideSuffix))
  return [
    ...new Set([
      ...valueTags(symbols),
      ...(synthetic ? ['$synthetic'] : []),
      ...(hidden ? ['$hidden'] : []),
      ...(options.tags?.get(name) ?? []),
    ]),
  ]
}
