import type { RecordSource } from '../grouping/frame.ts'
import type { GroupTable } from '../grouping/group-table.ts'
import { noGroup } from '../grouping/group-table.ts'
import { blockRows, Vector } from '../value/vector.ts'
import { type Block, gatherVector, type InterRecordResult } from './block.ts'
import type { Dimension } from './dimension.ts'

/** Results of an aggregation by group; the slot after the last group holds the result of no records at all. */
export interface AggregateResult {
  readonly table: GroupTable
  readonly dimensions: readonly Dimension[]
  readonly values: Vector
  readonly groups: number
}

/** The rows of an Aggr: groups of its dimensions with a value each. */
export interface VirtualTable {
  readonly fields: readonly number[]
  /** Tables whose records repeat the values under NODISTINCT; null = each row counts once. */
  readonly repeatedBy: readonly number[] | null
  readonly table: GroupTable
  readonly values: Vector
}

/** What leaves of the record phase refer to. */
export interface RecordLeaves {
  aggregateResult(index: number): AggregateResult
  virtualTable(index: number): VirtualTable
}

/** Consecutive records of a source as a block of evaluation. */
export class RecordBlock implements Block {
  count = 0
  start = 0
  source: RecordSource
  readonly #leaves: RecordLeaves
  readonly #virtualRows = new Map<number, { readonly rows: Uint32Array; start: number }>()
  readonly #vectors = new Map<string, Vector>()
  #ids: Uint32Array | undefined
  #slots: Uint32Array | undefined

  constructor(source: RecordSource, leaves: RecordLeaves) {
    this.source = source
    this.#leaves = leaves
  }

  moveTo(start: number, count: number): void {
    this.start = start
    this.count = count
  }

  codes(field: number): Uint32Array {
    return this.source.codes(field, this.start, this.count)
  }

  /** Row of an Aggr for each record, `noGroup` where it has none. */
  virtualRows(index: number): Uint32Array {
    let known = this.#virtualRows.get(index)
    if (known === undefined) {
      known = { rows: new Uint32Array(blockRows), start: -1 }
      this.#virtualRows.set(index, known)
    }
    if (known.start !== this.start) {
      const { fields, table } = this.#leaves.virtualTable(index)
      table.find(
        fields.map((field) => this.codes(field)),
        this.count,
        known.rows,
      )
      known.start = this.start
    }
    return known.rows
  }

  virtual(index: number): Vector {
    const { table, values } = this.#leaves.virtualTable(index)
    return this.#gathered(`v${index}`, values, this.virtualRows(index), table.count)
  }

  aggregate(index: number): Vector {
    const { table, dimensions, values, groups } = this.#leaves.aggregateResult(index)
    this.#ids ??= new Uint32Array(blockRows)
    const ids = this.#ids
    table.find(
      dimensions.map((dimension) => dimension.codes(this)),
      this.count,
      ids,
    )
    return this.#gathered(`a${index}`, values, ids, groups)
  }

  listed(): Vector {
    return new Vector()
  }

  interRecord(): InterRecordResult {
    return { values: new Vector() }
  }

  #gathered(key: string, values: Vector, ids: Uint32Array, missing: number): Vector {
    let out = this.#vectors.get(key)
    if (out === undefined) {
      out = new Vector()
      this.#vectors.set(key, out)
    }
    this.#slots ??= new Uint32Array(blockRows)
    const slots = this.#slots
    for (let i = 0; i < this.count; i++) slots[i] = ids[i] === noGroup ? missing : ids[i]!
    gatherVector(values, slots, this.count, out)
    return out
  }
}

/** The rows of an Aggr as records, for aggregations that read nothing else. */
export class VirtualSource implements RecordSource {
  readonly main = true
  readonly eachOnce = true
  readonly #table: VirtualTable

  constructor(table: VirtualTable) {
    this.#table = table
  }

  get count(): number {
    return this.#table.table.count
  }

  has(): boolean {
    return false
  }

  codes(field: number, start: number, count: number): Uint32Array {
    const dimension = this.#table.fields.indexOf(field)
    return dimension === -1
      ? new Uint32Array(count)
      : this.#table.table.codes(dimension).subarray(start, start + count)
  }

  rows(_table: number, _start: number, count: number): Int32Array {
    return new Int32Array(count).fill(-1)
  }

  distinctIn(): boolean {
    return true
  }
}

/** Records without tables, for aggregations that read no field. */
export const noTables: RecordSource = {
  count: 0,
  main: true,
  has: () => false,
  codes: (_, __, count) => new Uint32Array(count),
  rows: (_, __, count) => new Int32Array(count).fill(-1),
  distinctIn: () => false,
}
