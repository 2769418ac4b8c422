import { assert } from '../base/assert.ts'
import { LichenError } from '../base/errors.ts'
import type { Value } from '../value/dual.ts'
import { defaultFormatSettings, type FormatSettings } from '../value/format-settings.ts'
import type { Allocator } from './allocator.ts'
import { Bitset } from './bitset.ts'
import { type Codes, Column } from './column.ts'
import { ColumnBuilder } from './column-builder.ts'
import { ColumnEncoder, codeOfValue } from './column-encoder.ts'
import type { SourceBatch } from './source.ts'
import type { StoredSymbols } from './stored-symbols.ts'
import { SymbolTableBuilder } from './symbol-table-builder.ts'

interface GrowingColumn {
  name: string
  codes: ColumnBuilder
  encoder: ColumnEncoder
}

/**
 * A table while a script builds it: named columns of codes into the symbol builders its data space shares by field name.
 * Obtained from `DataSpace.createTable`.
 */
export class TableBuilder {
  readonly space: DataSpace
  #name: string
  #rows = 0
  #columns: GrowingColumn[] = []

  constructor(space: DataSpace, name: string, fields: readonly string[] = []) {
    this.space = space
    this.#name = name
    for (const field of fields) this.addField(field)
  }

  get name(): string {
    return this.#name
  }

  get rows(): number {
    return this.#rows
  }

  get fields(): readonly string[] {
    return this.#columns.map((column) => column.name)
  }

  /** Column of a field, or -1. */
  columnOf(field: string): number {
    return this.#columns.findIndex((column) => column.name === field)
  }

  /** Adds a column, NULL in the rows already here, and returns its index. @throws LichenError `already-exists` */
  addField(name: string): number {
    if (this.columnOf(name) >= 0)
      throw new LichenError('already-exists', `Table ${this.#name} already has a field ${name}`)
    const codes = new ColumnBuilder(this.space.allocator)
    codes.pushNulls(this.#rows)
    this.#columns.push({ name, codes, encoder: new ColumnEncoder(this.space.hold(name)) })
    return this.#columns.length - 1
  }

  /** One value per column, in column order; missing ones are NULL. */
  appendRow(values: readonly Value[]): void {
    this.#columns.forEach(({ codes, encoder }, index) => {
      codes.push(codeOfValue(encoder.symbols, values[index] ?? null, this.#name, this.#rows))
    })
    this.#rows += 1
  }

  /**
   * Appends the records of a batch: column i of the batch goes to column `fieldOf[i]` of the table (-1 = leave out); fields without a
   * source are NULL. `keep` has 1 for the rows to take. Texts are interpreted by the settings of the space as they are now.
   */
  appendBatch(batch: SourceBatch, fieldOf: readonly number[], keep?: Uint8Array): void {
    const out = new Uint32Array(batch.rows)
    const origin = { table: this.#name, rows: this.#rows }
    const filled = new Set<number>()
    const kept = keep === undefined ? batch.rows : countKept(keep, batch.rows)
    batch.columns.forEach((column, source) => {
      const target = this.#columns[fieldOf[source] ?? -1]
      if (target === undefined) return
      filled.add(fieldOf[source] ?? -1)
      target.encoder.encode(column, batch.rows, keep, this.space.settings, origin, out)
      target.codes.pushAll(out, 0, kept)
    })
    this.#fillRest(filled, kept)
    this.#rows += kept
  }

  /** Appends rows by code, one array per column (null = all NULL). The codes must be of the fields' own symbols. */
  appendCodes(columns: readonly (Uint32Array | null)[], rows: number): void {
    const filled = new Set<number>()
    columns.forEach((codes, index) => {
      const target = this.#columns[index]
      if (codes === null || target === undefined) return
      filled.add(index)
      target.codes.pushAll(codes, 0, rows)
    })
    this.#fillRest(filled, rows)
    this.#rows += rows
  }

  /** The code of a cell; 0 is NULL. */
  codeAt(column: number, row: number): number {
    return this.#column(column).codes.codeAt(row)
  }

  valueAt(column: number, row: number): Value {
    const { codes, encoder } = this.#column(column)
    const code = codes.codeAt(row)
    return code === 0 ? null : encoder.symbols.valueAt(code - 1)
  }

  /** The codes of a column, for loops over all rows and for `buildModel`. */
  column(column: number): ColumnBuilder {
    return this.#column(column).codes
  }

  /** The symbols of a column's field. */
  symbolsOf(column: number): SymbolTableBuilder {
    return this.#column(column).encoder.symbols
  }

  /** Takes columns, one for each field, as the rows of a table that has none: finished ones are read where they lie, codes are copied. */
  adoptColumns(columns: readonly (Column | Codes)[], rows: number): void {
    assert(this.#rows === 0, `table ${this.#name} has no rows before it adopts some`)
    this.#columns.forEach((target, index) => {
      const column = columns[index]
      if (column instanceof Column) target.codes = new ColumnBuilder(this.space.allocator, column)
      else if (column !== undefined) target.codes.pushAll(column)
    })
    this.#rows = rows
  }

  /** Drops the rows whose byte is not 1. */
  retainRows(keep: Uint8Array): void {
    for (const { codes } of this.#columns) codes.retain(keep)
    this.#rows = countKept(keep, this.#rows)
  }

  dropField(name: string): boolean {
    const index = this.columnOf(name)
    if (index < 0) return false
    this.#column(index).codes.release()
    this.#columns.splice(index, 1)
    this.space.unhold(name)
    return true
  }

  /** Gives one column another name; its values move into the symbols of that name. @throws LichenError `field-not-found`, `already-exists` */
  renameField(from: string, to: string): void {
    if (from === to) return
    const index = this.columnOf(from)
    if (index < 0)
      throw new LichenError('field-not-found', `Table ${this.#name} has no field ${from}`)
    if (this.columnOf(to) >= 0)
      throw new LichenError('already-exists', `Table ${this.#name} already has a field ${to}`)
    const column = this.#column(index)
    const source = column.encoder.symbols
    const target = this.space.hold(to)
    if (target.count === 0) target.setFormat(source.format)
    const remap = new Uint32Array(source.count + 1)
    let row = 0
    for (const chunk of column.codes.chunks()) {
      for (let i = 0; i < chunk.length; i++, row++) {
        const code = chunk[i]!
        if (code === 0 || remap[code] !== 0) continue
        remap[code] = copySymbol(source, code - 1, target, this.#name, row) + 1
      }
    }
    column.codes.remap(remap)
    column.name = to
    column.encoder = new ColumnEncoder(target)
    this.space.unhold(from)
  }

  /** The column of a field, if there is one, refers to other symbols from now on: code c became remap[c]. */
  takeSymbols(field: string, symbols: SymbolTableBuilder, remap: Uint32Array): void {
    const column = this.#columns[this.columnOf(field)]
    if (column === undefined) return
    column.codes.remap(remap)
    column.encoder = new ColumnEncoder(symbols)
  }

  /** Gives the columns' memory back. */
  release(): void {
    const columns = this.#columns
    this.#columns = []
    this.#rows = 0
    for (const { name, codes } of columns) {
      codes.release()
      this.space.unhold(name)
    }
  }

  /** The space renamed this table. */
  takeName(name: string): void {
    this.#name = name
  }

  #column(index: number): GrowingColumn {
    const column = this.#columns[index]
    assert(column !== undefined, `column ${index} exists in table ${this.#name}`)
    return column
  }

  #fillRest(filled: ReadonlySet<number>, rows: number): void {
    this.#columns.forEach(({ codes }, index) => {
      if (!filled.has(index)) codes.pushNulls(rows)
    })
  }
}

/**
 * The tables under construction. Tables with the same field share its symbols, so that association is equality of codes.
 * `settings` follow the SET statements of the script: they read texts that come next.
 */
export class DataSpace {
  readonly allocator: Allocator
  settings: FormatSettings
  /** In load order. */
  readonly tables: Map<string, TableBuilder> = new Map()
  readonly #symbols = new Map<string, SymbolTableBuilder>()
  /** Columns per field, also of tables that are not (yet) in `tables`. */
  readonly #holders = new Map<string, number>()

  constructor(allocator: Allocator, settings: FormatSettings = defaultFormatSettings) {
    this.allocator = allocator
    this.settings = settings
  }

  /** The symbols of a field, made at first use. */
  symbols(field: string): SymbolTableBuilder {
    let symbols = this.#symbols.get(field)
    if (symbols === undefined) {
      symbols = new SymbolTableBuilder(this.allocator, this.settings)
      this.#symbols.set(field, symbols)
    }
    return symbols
  }

  /** The values of a field that no table has yet become those of finished symbols. */
  adoptSymbols(field: string, stored: StoredSymbols): void {
    assert(!this.#symbols.has(field), `field ${field} has no values before it adopts some`)
    const symbols = new SymbolTableBuilder(this.allocator, stored.settings)
    symbols.adopt(stored)
    this.#symbols.set(field, symbols)
  }

  /** A column takes the field's symbols; they live until the last column lets go. */
  hold(field: string): SymbolTableBuilder {
    this.#holders.set(field, (this.#holders.get(field) ?? 0) + 1)
    return this.symbols(field)
  }

  /** A column lets go; with the last one the field's values are gone. */
  unhold(field: string): void {
    const left = (this.#holders.get(field) ?? 1) - 1
    if (left > 0) {
      this.#holders.set(field, left)
      return
    }
    this.#holders.delete(field)
    this.#symbols.get(field)?.release()
    this.#symbols.delete(field)
  }

  hasSymbols(field: string): boolean {
    return this.#symbols.has(field)
  }

  /** @throws LichenError `already-exists` */
  createTable(name: string, fields: readonly string[] = []): TableBuilder {
    if (this.tables.has(name))
      throw new LichenError('already-exists', `A table named ${name} exists already`)
    const table = new TableBuilder(this, name, fields)
    this.tables.set(name, table)
    return table
  }

  dropTable(name: string): boolean {
    const table = this.tables.get(name)
    if (table === undefined) return false
    table.release()
    this.tables.delete(name)
    for (const symbols of this.#symbols.values()) symbols.renameTable(name, null)
    return true
  }

  /** Keeps the table's place in load order. @throws LichenError `table-not-found`, `already-exists` */
  renameTable(from: string, to: string): void {
    const table = this.tables.get(from)
    if (table === undefined)
      throw new LichenError('table-not-found', `There is no table named ${from}`)
    if (from === to) return
    if (this.tables.has(to))
      throw new LichenError('already-exists', `A table named ${to} exists already`)
    const entries = [...this.tables.values()]
    table.takeName(to)
    for (const symbols of this.#symbols.values()) symbols.renameTable(from, to)
    this.tables.clear()
    for (const entry of entries) this.tables.set(entry.name, entry)
  }

  /** Drops the field from the tables named, or from all. False when no table had it. */
  dropField(field: string, tables: Iterable<string> = this.tables.keys()): boolean {
    let dropped = false
    for (const name of tables)
      dropped = (this.tables.get(name)?.dropField(field) ?? false) || dropped
    return dropped
  }

  /** Renames a field in every table that has it. @throws LichenError `field-not-found`, `already-exists` */
  renameField(from: string, to: string): void {
    const holders = [...this.tables.values()].filter((table) => table.columnOf(from) >= 0)
    if (holders.length === 0)
      throw new LichenError('field-not-found', `There is no field named ${from}`)
    const clash = holders.find((table) => from !== to && table.columnOf(to) >= 0)
    if (clash !== undefined)
      throw new LichenError('already-exists', `Table ${clash.name} already has a field ${to}`)
    for (const table of holders) table.renameField(from, to)
  }

  /** Puts another value in the place of each one of a field that rows have, in all tables, in load order; NULL stays. */
  replaceValues(field: string, replace: (symbol: number) => Value): void {
    const old = this.symbols(field)
    const next = new SymbolTableBuilder(this.allocator, this.settings)
    const remap = new Uint32Array(old.count + 1)
    this.usedCodes(field).forEach((code) => {
      if (code > 0) remap[code] = codeOfValue(next, replace(code - 1), '', code - 1)
    })
    for (const table of this.tables.values()) table.takeSymbols(field, next, remap)
    this.#symbols.set(field, next)
    old.release()
  }

  /** Field names in order of first appearance over the tables. */
  fields(): readonly string[] {
    return [...new Set([...this.tables.values()].flatMap((table) => table.fields))]
  }

  /** Codes of a field that occur in some row of some table; size `count + 1`. Code 0, NULL, is always among them. */
  usedCodes(field: string): Bitset {
    const used = new Bitset((this.#symbols.get(field)?.count ?? 0) + 1)
    const seen = new Uint8Array(used.size)
    seen[0] = 1
    for (const table of this.tables.values()) {
      const column = table.columnOf(field)
      if (column < 0) continue
      for (const chunk of table.column(column).chunks()) {
        // Few values have all been seen after few rows.
        if (!seen.includes(0)) break
        markSeen(chunk, seen)
      }
    }
    const { words } = used
    for (let code = 0; code < seen.length; code++) words[code >>> 5]! |= seen[code]! << (code & 31)
    return used
  }

  /** Gives all memory of the building back, once the model stands. */
  release(): void {
    for (const table of this.tables.values()) table.release()
    this.tables.clear()
  }
}

function copySymbol(
  source: SymbolTableBuilder,
  symbol: number,
  target: SymbolTableBuilder,
  table: string,
  row: number,
): number {
  const number = source.numberAt(symbol)
  const text = source.textAt(symbol)
  return Number.isNaN(number)
    ? target.addString(text)
    : target.addNumber(number, null, text, table, row)
}

/** A loop for each width of code. */
function markSeen(codes: Codes, seen: Uint8Array): void {
  if (codes instanceof Uint8Array) for (let i = 0; i < codes.length; i++) seen[codes[i]!] = 1
  else if (codes instanceof Uint16Array) for (let i = 0; i < codes.length; i++) seen[codes[i]!] = 1
  else for (let i = 0; i < codes.length; i++) seen[codes[i]!] = 1
}

function countKept(keep: Uint8Array, rows: number): number {
  let count = 0
  for (let row = 0; row < rows; row++) if (keep[row] === 1) count += 1
  return count
}
