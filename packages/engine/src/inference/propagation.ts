import type { KeyLink } from '../model/model.ts'
import type { ModelView } from '../model/view.ts'
import type { Selections } from '../selection/selections.ts'
import { Bitset } from '../storage/bitset.ts'
import type { Column } from '../storage/column.ts'
import { codesOfSymbols, symbolsOfCodes } from './code-set.ts'
import { Brush, codesCounted } from './cross-counts.ts'
import type { RowSet } from './inference.ts'
import { fieldOf, presentCodes } from './presence.ts'
import { rowsOfChange, rowsOfCodes } from './row-filter.ts'
import { codesOf, countsOf } from './row-reads.ts'
import { Rows } from './rows.ts'
import { type RowFilter, TableFilters } from './table-filters.ts'

/**
 * What a subtree of the association forest lets through to the node that asks: a set of codes, or null when nothing in the subtree is
 * selected. An association is a full outer join: null also lets through keys without rows there, and NULL keys. A set never holds
 * NULL, since a record without a value in a selected field is not possible.
 */
type Message = Bitset | null

/** Rows of a set of codes, as worked out for one filter. */
interface FilteredRows {
  readonly codes: Bitset
  readonly rows: Rows
}

/**
 * Sends messages over the forest of tables and key fields, each only when somebody asks and each once. A selected field is a filter at
 * one node of its tree: the key-field node if it has links there, else the rows of its table. Whatever arrives at a node comes from the
 * rest of the tree, so "all selections but this field's" needs no second propagation: the node leaves its own filter out.
 *
 * A propagation may be given an earlier one of the same view. Filters that did not change are taken over with all that was read
 * through them, small changes are followed row by row; what is answered is the same.
 */
export class Propagation {
  readonly view: ModelView
  readonly selections: Selections
  #previous: Propagation | null
  #brush: Brush | null
  readonly #selected = new Map<number, Bitset>()
  readonly #filtersOfTable = new Map<number, TableFilters>()
  readonly #reached = new Map<string, boolean>()
  readonly #memo = new Map<string, Bitset | null>()
  readonly #filtered = new Map<Column, FilteredRows[]>()
  readonly #rowsOfTable = new Map<number, Rows | null>()
  readonly #visible = new Map<number, Rows>()

  constructor(view: ModelView, selections: Selections, previous: Propagation | null = null) {
    this.view = view
    this.selections = selections
    this.#previous = previous?.view === view ? previous : null
    if (this.#previous !== null) this.#previous.#rest()
    this.#brush = this.#brushAfter(this.#previous)
    for (const { field, symbols } of selections.fields.values())
      this.#selected.set(field, this.#codesIfSame(field, symbols) ?? codesOfSymbols(symbols))
  }

  /** Memory of what is remembered so far. */
  get bytes(): number {
    let bytes = this.#brush?.bytes ?? 0
    for (const made of this.#memo.values()) bytes += made?.words.byteLength ?? 0
    for (const rows of this.#held()) bytes += rows.bytes
    return bytes
  }

  /** Possible rows of a table; null = all. */
  rows(table: number): RowSet {
    if (this.#filters(table).countWithout(null) === 0) return this.view.visibleRows(table)
    return this.#passing(table)?.given() ?? null
  }

  /** Symbols of a field that occur in possible rows, or did so if its own selection were lifted. */
  symbols(field: number, own: 'kept' | 'lifted'): Bitset {
    const lifted = own === 'lifted' && this.#selected.has(field)
    return this.#remember(`symbols:${field}:${lifted}`, () => {
      const parts: Bitset[] = []
      if (this.view.linksOfField(field).length > 0) parts.push(this.#codesAtKey(field, lifted))
      for (const { table, column } of localPlaces(this.view, field))
        parts.push(this.#codesAtTable(table, field, column, lifted ? field : null))
      const [first, ...others] = parts
      if (first === undefined) return new Bitset(fieldOf(this.view, field).symbols.count)
      if (others.length === 0) return symbolsOfCodes(first)
      return symbolsOfCodes(others.reduce((all, part) => all.unionWith(part), first.clone()))
    })
  }

  /** Possible rows per code of a field in its first place. */
  frequencies(field: number): Uint32Array {
    const { places, symbols } = fieldOf(this.view, field)
    const place = places[0]
    if (place === undefined) return new Uint32Array(symbols.count + 1)
    const brushed = this.#brushed(place.table, field, place.column)
    if (brushed !== null) return brushed
    const rows =
      this.#filters(place.table).countWithout(null) === 0 ? null : this.#passing(place.table)
    if (rows === null) return this.view.totals(field)
    const isWhole = this.view.visibleRows(place.table) === null
    const totals = isWhole ? () => this.view.totals(field) : null
    return countsOf(place.column, rows, symbols.count + 1, totals)
  }

  #codesAtKey(field: number, lifted: boolean): Bitset {
    const passing = this.#intersectionAtKey(field, null, lifted)
    const tables = this.view.linksOfField(field).map(({ table }) => table)
    const present = presentCodes(this.view, field, tables)
    // A set that came over a link holds codes of existing rows only; a selection alone may name others.
    return passing === null ? present : present.clone().intersectWith(passing)
  }

  /** `without`: a source of filters left out. Not to be changed by callers. */
  #codesAtTable(
    table: number,
    field: number,
    column: Column,
    without: number | KeyLink | null,
  ): Bitset {
    const brushed = without === null ? this.#brushed(table, field, column) : null
    if (brushed !== null) return codesCounted(brushed)
    const filters = this.#filters(table)
    const rows =
      filters.countWithout(without) === 0
        ? null
        : without === null
          ? this.#passing(table)
          : filters.passing(without)
    if (rows === null) return presentCodes(this.view, field, [table])
    const size = fieldOf(this.view, field).symbols.count + 1
    return codesOf(column, rows, size, () => presentCodes(this.view, field, [table]))
  }

  /** Rows per code of a column while a selection moves in another one of its table; null when that is not so, or does not pay. */
  #brushed(table: number, field: number, column: Column): Uint32Array | null {
    const brush = this.#brush
    if (brush === null || brush.table !== table || brush.field === field) return null
    const codes = this.#selected.get(brush.field)
    const size = fieldOf(this.view, field).symbols.count + 1
    if (codes === undefined || !brush.pays(size)) return null
    return brush.counts(column, size, codes, () => this.#filters(table).passing(brush.field))
  }

  /** The brush of the earlier propagation, if the same field has moved again, or one that begins here. */
  #brushAfter(previous: Propagation | null): Brush | null {
    const field = previous === null ? null : movedField(previous.selections, this.selections)
    if (previous === null || field === null) return null
    const brush = previous.#brush
    previous.#brush = null
    if (brush?.field === field) return brush.moved()
    const places = fieldOf(this.view, field).places
    const [place] = places
    if (place === undefined || places.length > 1) return null
    if (this.view.linksOfField(field).length > 0) return null
    const size = fieldOf(this.view, field).symbols.count + 1
    return new Brush(field, place.table, place.column, size)
  }

  /** What a key field lets through to one of its tables: what all its other tables let through, and its own selection. */
  #fromKey(link: KeyLink): Message {
    const previous = this.#previous
    return this.#remember(`key:${link.field}:${link.table}`, () => {
      const message = this.#intersectionAtKey(link.field, link.table, false)
      const before =
        previous === null ? null : previous.#memo.get(`key:${link.field}:${link.table}`)
      return message !== null && before?.equals(message) ? before : message
    })
  }

  /** Not to be changed by the caller. */
  #intersectionAtKey(field: number, exceptTable: number | null, lifted: boolean): Message {
    const parts: Bitset[] = []
    const own = lifted ? undefined : this.#selected.get(field)
    if (own !== undefined) parts.push(own)
    for (const link of this.view.linksOfField(field)) {
      const message = link.table === exceptTable ? null : this.#fromTable(link)
      if (message !== null) parts.push(message)
    }
    const [first, ...others] = parts
    if (first === undefined || others.length === 0) return first ?? null
    return others.reduce((all, part) => all.intersectWith(part), first.clone())
  }

  /** What a table lets through to one of its key fields: the codes of the rows that pass everything not coming from there. */
  #fromTable(link: KeyLink): Message {
    if (!this.#tableReaches(link)) return null
    return this.#remember(`table:${link.field}:${link.table}`, () =>
      this.#codesAtTable(link.table, link.field, link.column, this.#keyReaches(link) ? link : null),
    )
  }

  /** Whether something is selected behind a table, seen from one of its key fields. */
  #tableReaches(link: KeyLink): boolean {
    return this.#reaches(
      `table:${link.field}:${link.table}`,
      () =>
        this.#localFilters(link.table).length > 0 ||
        this.view
          .linksOfTable(link.table)
          .some((other) => other.field !== link.field && this.#keyReaches(other)),
    )
  }

  /** Whether something is selected at a key field or behind it, seen from one of its tables. */
  #keyReaches(link: KeyLink): boolean {
    return this.#reaches(
      `key:${link.field}:${link.table}`,
      () =>
        this.#selected.has(link.field) ||
        this.view
          .linksOfField(link.field)
          .some((other) => other.table !== link.table && this.#tableReaches(other)),
    )
  }

  #reaches(key: string, find: () => boolean): boolean {
    let reached = this.#reached.get(key)
    if (reached === undefined) {
      reached = find()
      this.#reached.set(key, reached)
    }
    return reached
  }

  #localFilters(table: number): readonly RowFilter[] {
    const filters: RowFilter[] = []
    for (const [field, codes] of this.#selected) {
      const place = localPlaces(this.view, field).find((local) => local.table === table)
      if (place !== undefined)
        filters.push({ source: field, rows: () => this.#filteredRows(place.column, codes) })
    }
    return filters
  }

  #filters(table: number): TableFilters {
    let filters = this.#filtersOfTable.get(table)
    if (filters === undefined) {
      const all = [...this.#localFilters(table)]
      for (const link of this.view.linksOfTable(table)) {
        if (!this.#keyReaches(link)) continue
        all.push({
          source: link,
          rows: () => this.#filteredRows(link.column, this.#fromKey(link) ?? new Bitset(0)),
        })
      }
      filters = new TableFilters(all, this.#visibleRows(table))
      this.#filtersOfTable.set(table, filters)
    }
    return filters
  }

  #visibleRows(table: number): Rows | null {
    const visible = this.view.visibleRows(table)
    if (visible === null) return null
    const rows = new Rows(visible.size, visible)
    this.#visible.set(table, rows)
    return rows
  }

  /** The rows of a table that pass everything, with their kinship to those of the previous propagation. */
  #passing(table: number): Rows | null {
    const known = this.#rowsOfTable.get(table)
    if (known !== undefined) return known
    const rows = this.#filters(table).passing(null)
    const previous = this.#previous
    const before = previous === null ? null : (previous.#rowsOfTable.get(table) ?? null)
    if (rows !== null && rows !== before && rows.base === null) rows.base = before
    this.#rowsOfTable.set(table, rows)
    return rows
  }

  /** One pass over a column per set, however many messages and row sets use it. The result is shared. */
  #filteredRows(column: Column, codes: Bitset): Rows {
    const known = this.#filtered.get(column)?.find((filtered) => filtered.codes === codes)
    if (known !== undefined) return known.rows
    const previous = this.#previous
    const before = previous === null ? [] : (previous.#filtered.get(column) ?? [])
    const same = before.find((filtered) => filtered.codes === codes || filtered.codes.equals(codes))
    const last = before[before.length - 1]
    const rows =
      same?.rows.hold() ??
      (last === undefined ? undefined : rowsOfChange(column, last, codes)) ??
      rowsOfCodes(column, codes)
    const made = this.#filtered.get(column) ?? []
    made.push({ codes, rows })
    this.#filtered.set(column, made)
    return rows
  }

  #codesIfSame(field: number, symbols: Bitset): Bitset | undefined {
    const previous = this.#previous
    const before = previous?.selections.fields.get(field)?.symbols
    if (previous === null || before === undefined) return undefined
    return before === symbols || before.equals(symbols) ? previous.#selected.get(field) : undefined
  }

  /** Lets what came before go, so that the past does not live as long as the present. */
  #rest(): void {
    this.#previous = null
    for (const rows of this.#held()) rows.rest()
  }

  /** Forgets everything and gives the memory back. What is asked afterwards is worked out again. */
  release(): void {
    this.#previous = null
    this.#brush = null
    for (const rows of this.#held()) rows.letGo()
    this.#filtered.clear()
    this.#visible.clear()
    this.#filtersOfTable.clear()
    this.#rowsOfTable.clear()
    this.#memo.clear()
  }

  *#held(): Iterable<Rows> {
    for (const filtered of this.#filtered.values()) for (const { rows } of filtered) yield rows
    yield* this.#visible.values()
  }

  #remember<T extends Bitset | null>(key: string, make: () => T): T
  #remember(key: string, make: () => Bitset | null): Bitset | null {
    const known = this.#memo.get(key)
    if (known !== undefined) return known
    const made = make()
    this.#memo.set(key, made)
    return made
  }
}

/** The one field whose selection changed, selected before and after; null when there is none, or are several. */
function movedField(before: Selections, after: Selections): number | null {
  if (before.fields.size !== after.fields.size) return null
  let moved: number | null = null
  for (const [field, { symbols }] of after.fields) {
    const old = before.fields.get(field)?.symbols
    if (old === undefined) return null
    if (old === symbols || old.equals(symbols)) continue
    if (moved !== null) return null
    moved = field
  }
  return moved
}

/** Places of a field that no link joins to its key-field node: ordinary fields, and fields of loose tables. */
function localPlaces(view: ModelView, field: number): readonly { table: number; column: Column }[] {
  const links = view.linksOfField(field)
  const { places } = fieldOf(view, field)
  if (links.length === 0) return places
  return places.filter(({ table }) => !links.some((link) => link.table === table))
}
