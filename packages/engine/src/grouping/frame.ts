import { ArenaRows } from '../inference/arena-rows.ts'
import type { RowSet } from '../inference/inference.ts'
import { rowCount, rowList } from '../inference/row-list.ts'
import type { ModelView } from '../model/view.ts'
import type { Bitset } from '../storage/bitset.ts'
import type { Column } from '../storage/column.ts'
import { type Arena, arenaOf, NotInArena } from '../wasm/arena.ts'
import { type Operand, type Program, recordCount } from '../wasm/program.ts'
import { expand } from './expansion.ts'
import { gather, mapCodes, readCodes } from './gather.ts'
import { gatheredCodes } from './gathered-codes.ts'
import type { JoinStep, JoinTree } from './join-tree.ts'
import { composed, knowsRemap, remap, unreferencedRows } from './view-cache.ts'

/** Fewer records are read as quickly without kernels. */
const fewestInArena = 2048

/** Records read block by block. Returned arrays are the frame's own and not to be changed: valid until the next block of the same field or table. */
export interface RecordSource {
  readonly count: number
  /** There are not fewer records; known without joining them. */
  readonly atLeast?: number
  /** The records before the one link that leads to several rows, and what it leads to, when there is just one. */
  branch?(): Branch | undefined
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

/** A join in two: each record of `near` goes with all records of `far` that have its code of `key`, or with none. */
export interface Branch {
  readonly near: RecordSource
  readonly far: RecordSource
  readonly key: number
  /** How many codes the key has. */
  readonly keys: number
  /** Whether a field is read before the link. */
  isNear(field: number): boolean
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
 * table the rows that nothing before refers to. NULL keys link nothing. `fringe` tables only add such rest rows. `joined`: rows that may be
 * joined to possible ones, where these are others.
 * @throws LichenError `budget-exceeded`
 */
export function frames(
  view: ModelView,
  possible: PossibleRows,
  tree: JoinTree,
  fringe: readonly JoinStep[],
  maxRecords: number,
  joined: PossibleRows = possible,
): Frame[] {
  const found: Frame[] = []
  const add = (frame: Frame) => {
    if (frame.atLeast > 0) found.push(frame)
  }
  add(makeFrame(view, joined, tree, tree.root, rowsIn(view, possible, tree.root), maxRecords))
  for (const step of [...tree.steps, ...fringe]) {
    const rest = unreferencedRows(view, step.link, step.sources)
    // Possible rows may take a pass over the root.
    if (rest.isEmpty()) continue
    const allowed = rowsIn(view, possible, step.table)
    const rows = allowed === null ? rest : rest.clone().intersectWith(allowed)
    if (!rows.isEmpty()) add(makeFrame(view, joined, tree, step.table, rows, maxRecords))
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
  joined: PossibleRows,
  tree: JoinTree,
  root: number,
  rootRows: RowSet,
  maxRecords: number,
): Frame {
  const steps = stepsFrom(tree, root)
  const allowed = (table: number): RowSet => rowsIn(view, joined, table)
  return new Frame(view, root, rootRows, steps, allowed, maxRecords, root === tree.root)
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

/** Records that begin at one table. Where no link leads to several rows, rows and codes are looked up block by block through the keys. */
export class Frame implements RecordSource {
  readonly atLeast: number
  readonly main: boolean
  readonly #view: ModelView
  readonly #root: number
  readonly #rootRows: RowSet
  #rootList: Int32Array | undefined
  readonly #steps: readonly JoinStep[]
  readonly #allowed: (table: number) => RowSet
  readonly #maxRecords: number
  readonly #isExpanding: boolean
  #expanded: ReadonlyMap<number, Int32Array> | undefined
  readonly #order: readonly number[]
  readonly #codeBlocks = new Map<number, CodeBlock>()
  readonly #rowBlocks = new Map<number, RowBlock>()

  constructor(
    view: ModelView,
    root: number,
    rootRows: RowSet,
    steps: readonly JoinStep[],
    allowed: (table: number) => RowSet,
    maxRecords: number,
    main: boolean,
  ) {
    this.#view = view
    this.#root = root
    this.#rootRows = rootRows
    this.#steps = steps
    this.#allowed = allowed
    this.#maxRecords = maxRecords
    this.#isExpanding = steps.some(({ link }) => !link.unique)
    this.#order = [root, ...steps.map(({ table }) => table)]
    this.atLeast = rootRows === null ? (view.tables[root]?.rows ?? 0) : rowCount(rootRows)
    this.main = main
  }

  /** @throws LichenError `budget-exceeded` */
  get count(): number {
    return this.#joined()?.get(this.#root)?.length ?? this.atLeast
  }

  branch(): Branch | undefined {
    const [expanding, ...others] = this.#steps.filter(({ link }) => !link.unique)
    if (expanding === undefined || others.length > 0) return undefined
    const nearTables = new Set([this.#root])
    for (const { table, sources } of this.#steps)
      if (table !== expanding.table && sources.some((source) => nearTables.has(source)))
        nearTables.add(table)
    const near = this.#steps.filter(({ table }) => nearTables.has(table))
    const far = this.#steps.filter((step) => step !== expanding && !near.includes(step))
    const frame = (root: number, rows: RowSet, steps: readonly JoinStep[]): Frame =>
      new Frame(this.#view, root, rows, steps, this.#allowed, this.#maxRecords, this.main)
    return {
      near: frame(this.#root, this.#rootRows, near),
      far: frame(expanding.table, this.#allowed(expanding.table), far),
      key: expanding.link.field,
      keys: (this.#view.fields[expanding.link.field]?.symbols.count ?? 0) + 1,
      isNear: (field) => [...nearTables].some((table) => this.#column(table, field) !== undefined),
    }
  }

  /** The rows of each table in every combination, where links lead to several rows. */
  #joined(): ReadonlyMap<number, Int32Array> | null {
    if (!this.#isExpanding) return null
    this.#expanded ??= expand(
      this.#view,
      this.#allowed,
      this.#root,
      this.#rootRows === null
        ? Int32Array.from({ length: this.atLeast }, (_, row) => row)
        : rowList(this.#rootRows),
      this.#steps,
      this.#maxRecords,
    )
    return this.#expanded
  }

  has(table: number): boolean {
    return this.#order.includes(table)
  }

  distinctIn(tables: readonly number[]): boolean {
    return !this.#isExpanding
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
    return first === this.#root && this.#rootRows === null && !this.#isExpanding
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
    if (this.#isExpanding || this.count < fewestInArena) return undefined
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
    return !this.#isExpanding && this.#column(this.#root, field)?.hasNull === false
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
    else if (table === this.#root && !this.#isExpanding)
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
    const step = this.#stepTo(table)
    if (column === undefined || step === undefined || this.#isExpanding)
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
    const list = this.#joined()?.get(table) ?? (rootRows === null ? null : this.#listOf(rootRows))
    const step = this.#stepTo(table)
    if (list !== null) out.set(list.subarray(start, start + count))
    else if (table === this.#root) for (let i = 0; i < count; i++) out[i] = start + i
    else if (step === undefined) out.fill(-1, 0, count)
    else {
      const keys = this.codes(step.link.field, start, count)
      const rowOfCode = this.#view.rowOfCode(step.link)
      for (let i = 0; i < count; i++) out[i] = rowOfCode[keys[i]!]!
    }
  }

  #stepTo(table: number): JoinStep | undefined {
    return this.#steps.find((step) => step.table === table)
  }

  #listOf(rows: Bitset): Int32Array {
    this.#rootList ??= rowList(rows)
    return this.#rootList
  }

  #column(table: number, field: number): Column | undefined {
    return this.#view.tables[table]?.columns.get(field)
  }
}
