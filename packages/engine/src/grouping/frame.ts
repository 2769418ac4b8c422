import { assert } from '../base/assert.ts'
import { LichenError } from '../base/errors.ts'
import { ArenaRows } from '../inference/arena-rows.ts'
import type { RowSet } from '../inference/inference.ts'
import { rowCount, rowList } from '../inference/row-list.ts'
import type { ModelView } from '../model/view.ts'
import type { Bitset } from '../storage/bitset.ts'
import type { Column } from '../storage/column.ts'
import { type Arena, arenaOf, NotInArena } from '../wasm/arena.ts'
import { type Operand, type Program, recordCount } from '../wasm/program.ts'
import { gather, mapCodes, readCodes } from './gather.ts'
import { gatheredCodes } from './gathered-codes.ts'
import type { JoinStep, JoinTree } from './join-tree.ts'
import { composed, knowsRemap, remap, unreferencedRows } from './view-cache.ts'

/** Fewer records are read as quickly without kernels. */
const fewestInArena = 2048

/** Records read block by block. Returned arrays are the frame's own and not to be changed: valid until the next block of the same field or table. */
export interface RecordSource {
  readonly count: number
  /** Whether the table takes part; where it does not, it has no row and its fields are NULL. */
  has(table: number): boolean
  /** Codes of a field for `count` records from `start` on. */
  codes(field: number, start: number, count: number): Uint32Array
  /** Rows of a table for these records; -1 where there is none. */
  rows(table: number, start: number, count: number): Int32Array
  /** Records are distinct in their rows of these tables, so that none has to be counted twice. */
  distinctIn(tables: readonly number[]): boolean
  /** The records of the join's root, not of what no root row refers to. */
  readonly main: boolean
  /** How the codes of a field follow from those of another one, when they do so by a map. */
  keyOf?(field: number): { readonly key: number; readonly map: Uint32Array } | undefined
  /** How many of the records have each code of a field, where that is known without a look at them. */
  countsByCode?(field: number): Uint32Array | undefined
  /** Whether no record can have NULL in a field. */
  isFilled?(field: number): boolean
  /**
   * Plans calls of kernels over all records and runs them; false where nothing was done, because kernels do not reach the records or
   * what is planned for them.
   */
  byKernels?(plan: (records: RecordCodes) => void): boolean
  /** Each record counts once whatever is aggregated: the records are themselves the rows of an Aggr. */
  readonly eachOnce?: boolean
}

/** Codes of records for the calls of a program. */
export interface RecordCodes {
  readonly program: Program
  /** Codes of a field, four bytes wide. @throws NotInArena */
  codes(field: number): Operand
}

/** The possible rows of each table: what a selection or a set leaves. */
export type PossibleRows = (table: number) => RowSet

/**
 * The full outer join of the tree's tables over possible rows: the records of the root with what they refer to, then for each further
 * table the rows that nothing before refers to. NULL keys link nothing. `fringe` tables only add such rest rows.
 * @throws LichenError `budget-exceeded`
 */
export function frames(
  view: ModelView,
  possible: PossibleRows,
  tree: JoinTree,
  fringe: readonly JoinStep[],
  maxRecords: number,
): Frame[] {
  const found: Frame[] = []
  const add = (frame: Frame) => {
    if (frame.count > 0) found.push(frame)
  }
  add(makeFrame(view, possible, tree, tree.root, rowsIn(view, possible, tree.root), maxRecords))
  for (const step of [...tree.steps, ...fringe]) {
    const rest = unreferencedRows(view, step.link, step.sources)
    const allowed = rowsIn(view, possible, step.table)
    const rows = allowed === null ? rest : rest.clone().intersectWith(allowed)
    if (!rows.isEmpty()) add(makeFrame(view, possible, tree, step.table, rows, maxRecords))
  }
  return found
}

/** Possible rows that the view shows; null = every row of the table. */
export function rowsIn(view: ModelView, possible: PossibleRows, table: number): RowSet {
  const rows = possible(table)
  const visible = view.visibleRows(table)
  if (rows === null || visible === null) return rows ?? visible
  return visible.clone().intersectWith(rows)
}

function makeFrame(
  view: ModelView,
  possible: PossibleRows,
  tree: JoinTree,
  root: number,
  rootRows: RowSet,
  maxRecords: number,
): Frame {
  const steps = stepsFrom(tree, root)
  const count = rootRows === null ? (view.tables[root]?.rows ?? 0) : rowCount(rootRows)
  const joined = steps.some(({ link }) => !link.unique)
    ? expand(
        view,
        possible,
        root,
        rootRows === null ? Int32Array.from({ length: count }, (_, row) => row) : rowList(rootRows),
        steps,
        maxRecords,
      )
    : null
  return new Frame(view, root, rootRows, count, steps, joined, root === tree.root)
}

/** The steps that can be taken when the records begin at a table: those with a source that is there. */
function stepsFrom(tree: JoinTree, root: number): readonly JoinStep[] {
  const present = new Set([root])
  return tree.steps.filter(({ table, sources }) => {
    if (table === root || !sources.some((source) => present.has(source))) return false
    present.add(table)
    return true
  })
}

/** Rows per table of every combination. */
function expand(
  view: ModelView,
  possible: PossibleRows,
  root: number,
  rootRows: Int32Array,
  steps: readonly JoinStep[],
  maxRecords: number,
): Map<number, Int32Array> {
  let joined = new Map([[root, rootRows]])
  for (const { table, link, sources } of steps) {
    const source = sources.find((earlier) => joined.has(earlier)) ?? root
    const rows = joined.get(source)
    const column = view.tables[source]?.columns.get(link.field)
    assert(rows !== undefined && column !== undefined, 'a join step has a source')
    const keys = new Uint32Array(rows.length)
    gather(column, rows, rows.length, keys)
    joined = link.unique
      ? joined.set(table, lookUp(view.rowOfCode(link), keys))
      : multiply(
          joined,
          table,
          keys,
          view.rowIndex(table, link.field),
          rowsIn(view, possible, table),
          maxRecords,
        )
  }
  return joined
}

function lookUp(rowOfCode: Int32Array, keys: Uint32Array): Int32Array {
  const rows = new Int32Array(keys.length)
  for (let i = 0; i < keys.length; i++) rows[i] = rowOfCode[keys[i]!]!
  return rows
}

function multiply(
  joined: ReadonlyMap<number, Int32Array>,
  table: number,
  keys: Uint32Array,
  index: { readonly offsets: Uint32Array; readonly rows: Uint32Array },
  allowed: RowSet,
  maxRecords: number,
): Map<number, Int32Array> {
  const counts = new Uint32Array(keys.length)
  let total = 0
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i]!
    let hits = 0
    if (key !== 0) {
      if (allowed === null) hits = index.offsets[key + 1]! - index.offsets[key]!
      else
        for (let at = index.offsets[key]!; at < index.offsets[key + 1]!; at++)
          hits += Number(allowed.has(index.rows[at]!))
    }
    counts[i] = Math.max(1, hits)
    total += counts[i]!
  }
  if (total > maxRecords) {
    throw new LichenError(
      'budget-exceeded',
      `Joining the tables of this expression makes ${total} records, more than the limit of ${maxRecords}. Use fields of fewer tables in one aggregation`,
      { details: { records: total, limit: maxRecords } },
    )
  }
  const rows = new Int32Array(total)
  let out = 0
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i]!
    const before = out
    if (key !== 0) {
      for (let at = index.offsets[key]!; at < index.offsets[key + 1]!; at++) {
        const row = index.rows[at]!
        if (allowed === null || allowed.has(row)) rows[out++] = row
      }
    }
    if (out === before) rows[out++] = -1
  }
  const next = new Map<number, Int32Array>()
  for (const [earlier, old] of joined) next.set(earlier, repeat(old, counts, total))
  return next.set(table, rows)
}

function repeat(values: Int32Array, counts: Uint32Array, total: number): Int32Array {
  const out = new Int32Array(total)
  let at = 0
  for (let i = 0; i < values.length; i++) {
    out.fill(values[i]!, at, at + counts[i]!)
    at += counts[i]!
  }
  return out
}

interface RowBlock {
  start: number
  count: number
  array: Int32Array
}

interface CodeBlock {
  start: number
  count: number
  readonly own: Uint32Array
  codes: Uint32Array
  readonly path: CodePath
}

interface CodePath {
  readonly table: number
  readonly column: Column | undefined
  readonly key: number | undefined
  readonly map: Uint32Array | undefined
}

/** Records that begin at one table. Without expansion rows and codes are looked up block by block through the keys. */
export class Frame implements RecordSource {
  readonly count: number
  readonly main: boolean
  readonly #view: ModelView
  readonly #root: number
  readonly #rootRows: RowSet
  #rootList: Int32Array | undefined
  readonly #steps: ReadonlyMap<number, JoinStep>
  readonly #joined: ReadonlyMap<number, Int32Array> | null
  readonly #order: readonly number[]
  readonly #codeBlocks = new Map<number, CodeBlock>()
  readonly #rowBlocks = new Map<number, RowBlock>()

  constructor(
    view: ModelView,
    root: number,
    rootRows: RowSet,
    rootCount: number,
    steps: readonly JoinStep[],
    joined: ReadonlyMap<number, Int32Array> | null,
    main: boolean,
  ) {
    this.#view = view
    this.#root = root
    this.#rootRows = rootRows
    this.#steps = new Map(steps.map((step) => [step.table, step]))
    this.#joined = joined
    this.#order = [root, ...steps.map(({ table }) => table)]
    this.count = joined?.get(root)?.length ?? rootCount
    this.main = main
  }

  has(table: number): boolean {
    return this.#order.includes(table)
  }

  distinctIn(tables: readonly number[]): boolean {
    return this.#joined === null
      ? tables.includes(this.#root)
      : this.#order.every((table) => tables.includes(table))
  }

  codes(field: number, start: number, count: number): Uint32Array {
    let block = this.#codeBlocks.get(field)
    if (block === undefined || block.own.length < count) {
      const own = new Uint32Array(Math.max(count, 1024))
      block = { start: -1, count: 0, own, codes: own, path: this.#pathTo(field) }
      this.#codeBlocks.set(field, block)
    }
    if (block.start !== start || block.count < count) {
      block.codes = this.#readCodes(block.path, start, count, block.own)
      block.start = start
      block.count = count
    }
    return block.codes
  }

  keyOf(field: number): { readonly key: number; readonly map: Uint32Array } | undefined {
    const { key, map } = this.#pathTo(field)
    return key === undefined || map === undefined ? undefined : { key, map }
  }

  countsByCode(field: number): Uint32Array | undefined {
    const first = this.#view.fields[field]?.places[0]?.table
    return first === this.#root && this.#rootRows === null && this.#joined === null
      ? this.#view.totals(field)
      : undefined
  }

  byKernels(plan: (records: RecordCodes) => void): boolean {
    const arena = this.#arena()
    const done = arena?.attempt(() => {
      const rows = new ArenaRows(arena, this.#rootRows, this.count)
      plan({ program: rows.program, codes: this.#codesInArena(rows) })
      rows.program.run()
      return true
    })
    return done === true
  }

  /** The arena the columns of the root lie in. */
  #arena(): Arena | undefined {
    if (this.#joined !== null || this.count < fewestInArena) return undefined
    const [column] = this.#view.tables[this.#root]?.columns.values() ?? []
    const codes = column?.segments[0]?.codes
    return codes === undefined ? undefined : arenaOf(codes.buffer)
  }

  #codesInArena(rows: ArenaRows): (field: number) => Operand {
    const { program } = rows
    const known = new Map<number, Operand>()
    const plan = (field: number): Operand => {
      const { table, column, key, map } = this.#pathTo(field)
      if (map !== undefined && key !== undefined) {
        const out = program.slots()
        program.call('gather32', { base: program.arena.table(map) }, codes(key), recordCount, out)
        return out
      }
      const [segment, ...others] = column?.segments ?? []
      if (segment === undefined || others.length > 0 || table !== this.#root) throw new NotInArena()
      return rows.wide(segment.codes)
    }
    const codes = (field: number): Operand => {
      const operand = known.get(field) ?? plan(field)
      known.set(field, operand)
      return operand
    }
    return codes
  }

  isFilled(field: number): boolean {
    return this.#joined === null && this.#column(this.#root, field)?.hasNull === false
  }

  rows(table: number, start: number, count: number): Int32Array {
    let block = this.#rowBlocks.get(table)
    if (block === undefined || block.array.length < count) {
      block = { start: -1, count: 0, array: new Int32Array(Math.max(count, 1024)) }
      this.#rowBlocks.set(table, block)
    }
    if (block.start !== start || block.count < count) {
      this.#readRows(table, start, count, block.array)
      block.start = start
      block.count = count
    }
    return block.array
  }

  #readCodes(path: CodePath, start: number, count: number, out: Uint32Array): Uint32Array {
    const { table, column, key, map } = path
    if (map !== undefined && key !== undefined)
      mapCodes(map, this.codes(key, start, count), count, out)
    else if (column === undefined) out.fill(0, 0, count)
    else if (table === this.#root && this.#joined === null)
      return this.#readRoot(column, start, count, out)
    else gather(column, this.rows(table, start, count), count, out)
    return out
  }

  /** Codes of the root's own records: copied where the rows follow each other, else gathered. */
  #readRoot(column: Column, start: number, count: number, out: Uint32Array): Uint32Array {
    if (this.#rootRows === null) return readCodes(column, start, count, out)
    const list = this.#listOf(this.#rootRows)
    const first = list[start] ?? 0
    if (list[start + count - 1] === first + count - 1) return readCodes(column, first, count, out)
    return gatheredCodes(column, list, start, count, out)
  }

  /** How a field is read: from a table's column, or by a map from the codes of a key of the root. */
  #pathTo(field: number): CodePath {
    // The tables after the first holder that is here are linked through its key, so their codes are the same.
    const table =
      this.#order.find((candidate) => this.#column(candidate, field) !== undefined) ?? -1
    const column = this.#column(table, field)
    const step = this.#steps.get(table)
    if (column === undefined || step === undefined || this.#joined !== null)
      return { table, column, key: undefined, map: undefined }
    if (!this.#worthRemapping(step, field)) return { table, column, key: undefined, map: undefined }
    const own = remap(this.#view, step.link, field, column)
    const before = this.#pathTo(step.link.field)
    return before.map === undefined || before.key === undefined
      ? { table, column, key: step.link.field, map: own }
      : { table, column, key: before.key, map: composed(this.#view, before.map, own) }
  }

  #worthRemapping({ link }: JoinStep, field: number): boolean {
    return (
      this.count * 4 >= (this.#view.fields[link.field]?.symbols.count ?? 0) ||
      knowsRemap(this.#view, link, field)
    )
  }

  #readRows(table: number, start: number, count: number, out: Int32Array): void {
    const rootRows = table === this.#root ? this.#rootRows : null
    const list = this.#joined?.get(table) ?? (rootRows === null ? null : this.#listOf(rootRows))
    const step = this.#steps.get(table)
    if (list !== null) out.set(list.subarray(start, start + count))
    else if (table === this.#root) for (let i = 0; i < count; i++) out[i] = start + i
    else if (step === undefined) out.fill(-1, 0, count)
    else {
      const keys = this.codes(step.link.field, start, count)
      const rowOfCode = this.#view.rowOfCode(step.link)
      for (let i = 0; i < count; i++) out[i] = rowOfCode[keys[i]!]!
    }
  }

  #listOf(rows: Bitset): Int32Array {
    this.#rootList ??= rowList(rows)
    return this.#rootList
  }

  #column(table: number, field: number): Column | undefined {
    return this.#view.tables[table]?.columns.get(field)
  }
}
