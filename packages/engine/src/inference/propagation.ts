import type { KeyLink } from '../model/model.ts'
import type { ModelView } from '../model/view.ts'
import type { Selections } from '../selection/selections.ts'
import { Bitset } from '../storage/bitset.ts'
import type { Column } from '../storage/column.ts'
import { codesOfSymbols, symbolsOfCodes } from './code-set.ts'
import type { RowSet } from './inference.ts'
import { fieldOf, presentCodes } from './presence.ts'
import { codesInRows, countCodes } from './row-codes.ts'
import { rowsWithCodes } from './row-filter.ts'

/**
 * What a subtree of the association forest lets through to the node that asks: a set of codes, or null when nothing in the subtree is
 * selected. An association is a full outer join: null also lets through keys without rows there, and NULL keys. A set never holds
 * NULL, since a record without a value in a selected field is not possible.
 */
type Message = Bitset | null

interface LocalFilter {
  readonly field: number
  readonly column: Column
  readonly codes: Bitset
}

/** A condition on the rows of one table: by a selected field of its own, or by what comes over a link. */
interface RowFilter {
  /** Set for a selected field of the table itself. */
  readonly own: number | null
  readonly rows: Bitset
}

/** Rows failing at least one filter and rows failing at least two, and the filters. */
interface Failures {
  readonly filters: readonly RowFilter[]
  readonly one: Bitset
  readonly two: Bitset
}

/**
 * Sends messages over the forest of tables and key fields, each only when somebody asks and each once. A selected field is a filter at
 * one node of its tree: the key-field node if it has links there, else the rows of its table. Whatever arrives at a node comes from the
 * rest of the tree, so "all selections but this field's" needs no second propagation: the node leaves its own filter out.
 */
export class Propagation {
  readonly view: ModelView
  readonly selections: Selections
  #bytes = 0
  readonly #keyFilters = new Map<number, Bitset>()
  readonly #localFilters = new Map<number, LocalFilter[]>()
  readonly #memo = new Map<string, Bitset | null>()
  readonly #failures = new Map<number, Failures | null>()
  readonly #rowsOfCodes = new Map<Bitset, Map<Column, Bitset>>()
  readonly #counts = new Map<number, Uint32Array>()

  constructor(view: ModelView, selections: Selections) {
    this.view = view
    this.selections = selections
    for (const { field, symbols } of selections.fields.values()) {
      const codes = codesOfSymbols(symbols)
      if (view.linksOfField(field).length > 0) this.#keyFilters.set(field, codes)
      for (const { table, column } of localPlaces(view, field)) {
        const filters = this.#localFilters.get(table) ?? []
        filters.push({ field, column, codes })
        this.#localFilters.set(table, filters)
      }
    }
  }

  /** Memory of what is remembered so far. */
  get bytes(): number {
    return this.#bytes
  }

  /** Possible rows of a table; null = all. */
  rows(table: number): RowSet {
    const failures = this.#failuresOf(table)
    if (failures === null) return this.view.visibleRows(table)
    return this.#remember(`rows:${table}`, () =>
      visible(this.view, table, failures.one.clone().complement()),
    )
  }

  /** Symbols of a field that occur in possible rows, or did so if its own selection were lifted. */
  symbols(field: number, own: 'kept' | 'lifted'): Bitset {
    const lifted = own === 'lifted' && this.selections.fields.has(field)
    return this.#remember(`symbols:${field}:${lifted}`, () => {
      const codes = new Bitset(fieldOf(this.view, field).symbols.count + 1)
      if (this.view.linksOfField(field).length > 0) codes.unionWith(this.#codesAtKey(field, lifted))
      for (const { table, column } of localPlaces(this.view, field)) {
        codes.unionWith(this.#codesAtTable(table, field, column, lifted))
      }
      return symbolsOfCodes(codes)
    })
  }

  /** Possible rows per code of a field in its first place. */
  frequencies(field: number): Uint32Array {
    const { places, symbols } = fieldOf(this.view, field)
    const place = places[0]
    if (place === undefined) return new Uint32Array(symbols.count + 1)
    const failures = this.#failuresOf(place.table)
    if (failures === null) return this.view.totals(field)
    let counts = this.#counts.get(field)
    if (counts === undefined) {
      counts = countCodes(place.column, this.rows(place.table), symbols.count + 1)
      this.#counts.set(field, counts)
      this.#bytes += counts.byteLength
    }
    return counts
  }

  #codesAtKey(field: number, lifted: boolean): Bitset {
    const passing = this.#intersectionAtKey(field, null, lifted)
    const tables = this.view.linksOfField(field).map(({ table }) => table)
    const present = presentCodes(this.view, field, tables)
    if (passing === null) return present
    // A set that came over a link holds codes of existing rows only; a selection alone may name others.
    return passing.intersectWith(present)
  }

  #codesAtTable(table: number, field: number, column: Column, lifted: boolean): Bitset {
    const failures = this.#failuresOf(table)
    if (failures === null) return presentCodes(this.view, field, [table])
    const size = fieldOf(this.view, field).symbols.count + 1
    if (!lifted) return codesInRows(column, this.rows(table), size)
    return codesInRows(column, visible(this.view, table, rowsWithout(failures, field)), size)
  }

  /** What a key field lets through to one of its tables: what all its other tables let through, and its own selection. */
  #fromKey(link: KeyLink): Message {
    return this.#remember(`key:${link.field}:${link.table}`, () =>
      this.#intersectionAtKey(link.field, link.table, false),
    )
  }

  /** A set of its own, to be changed by the caller. */
  #intersectionAtKey(field: number, exceptTable: number | null, lifted: boolean): Message {
    let passing = lifted ? null : (this.#keyFilters.get(field)?.clone() ?? null)
    for (const link of this.view.linksOfField(field)) {
      const message = link.table === exceptTable ? null : this.#fromTable(link)
      if (message !== null)
        passing = passing === null ? message.clone() : passing.intersectWith(message)
    }
    return passing
  }

  /** What a table lets through to one of its key fields: the codes of the rows that pass everything not coming from there. */
  #fromTable(link: KeyLink): Message {
    return this.#remember(`table:${link.field}:${link.table}`, () => {
      let rows: Bitset | null = null
      for (const { codes, column } of this.#localFilters.get(link.table) ?? []) {
        rows = both(rows, this.#filteredRows(column, codes))
      }
      for (const other of this.view.linksOfTable(link.table)) {
        const message = other.field === link.field ? null : this.#fromKey(other)
        if (message !== null) rows = both(rows, this.#filteredRows(other.column, message))
      }
      if (rows === null) return null
      const size = fieldOf(this.view, link.field).symbols.count + 1
      return codesInRows(link.column, visible(this.view, link.table, rows), size)
    })
  }

  #failuresOf(table: number): Failures | null {
    const known = this.#failures.get(table)
    if (known !== undefined) return known
    const filters: RowFilter[] = []
    for (const { field, codes, column } of this.#localFilters.get(table) ?? []) {
      filters.push({ own: field, rows: this.#filteredRows(column, codes) })
    }
    for (const link of this.view.linksOfTable(table)) {
      const message = this.#fromKey(link)
      if (message !== null)
        filters.push({ own: null, rows: this.#filteredRows(link.column, message) })
    }
    const failures = filters.length === 0 ? null : countFailures(filters)
    this.#failures.set(table, failures)
    if (failures !== null) this.#bytes += failures.one.words.byteLength * 2
    return failures
  }

  /** One pass over a column per set, however many messages and row sets use it. The result is shared: not to be changed. */
  #filteredRows(column: Column, codes: Bitset): Bitset {
    let byColumn = this.#rowsOfCodes.get(codes)
    if (byColumn === undefined) {
      byColumn = new Map()
      this.#rowsOfCodes.set(codes, byColumn)
    }
    let rows = byColumn.get(column)
    if (rows === undefined) {
      rows = rowsWithCodes(column, codes)
      byColumn.set(column, rows)
      this.#bytes += rows.words.byteLength
    }
    return rows
  }

  #remember<T extends Bitset | null>(key: string, make: () => T): T
  #remember(key: string, make: () => Bitset | null): Bitset | null {
    const known = this.#memo.get(key)
    if (known !== undefined) return known
    const made = make()
    this.#memo.set(key, made)
    if (made !== null) this.#bytes += made.words.byteLength
    return made
  }
}

/** Places of a field that no link joins to its key-field node: ordinary fields, and fields of loose tables. */
function localPlaces(view: ModelView, field: number): readonly { table: number; column: Column }[] {
  const linked = new Set(view.linksOfField(field).map(({ table }) => table))
  return fieldOf(view, field).places.filter(({ table }) => !linked.has(table))
}

function visible(view: ModelView, table: number, rows: Bitset): Bitset {
  const visibleRows = view.visibleRows(table)
  return visibleRows === null ? rows : rows.clone().intersectWith(visibleRows)
}

function both(rows: Bitset | null, shared: Bitset): Bitset {
  return rows === null ? shared.clone() : rows.intersectWith(shared)
}

function countFailures(filters: readonly RowFilter[]): Failures {
  const size = filters[0]?.rows.size ?? 0
  const one = new Bitset(size)
  const two = new Bitset(size)
  const spare = Bitset.full(size).words
  for (const { rows } of filters) {
    for (let i = 0; i < spare.length; i++) {
      const fails = ~rows.words[i]! & spare[i]!
      two.words[i]! |= one.words[i]! & fails
      one.words[i]! |= fails
    }
  }
  return { filters, one, two }
}

/** Rows that pass every filter but the table's own filter on `field`: those failing none, or one, which is that one. */
function rowsWithout({ filters, one, two }: Failures, field: number): Bitset {
  const rows = one.clone().complement()
  const filter = filters.find(({ own }) => own === field)
  if (filter === undefined) return rows
  for (let i = 0; i < rows.words.length; i++) {
    rows.words[i]! |= one.words[i]! & ~two.words[i]! & ~filter.rows.words[i]!
  }
  return rows
}
