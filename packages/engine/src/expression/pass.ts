import type { Accumulator } from '../aggregation/aggregation.ts'
import { createAccumulator } from '../aggregation/distinct.ts'
import { PairSet } from '../aggregation/pair-set.ts'
import { PairIds } from '../aggregation/value-ids.ts'
import { type CancellationToken, throwIfCancelled } from '../base/cancellation.ts'
import type { RecordSource } from '../grouping/frame.ts'
import { GroupTable, noGroup } from '../grouping/group-table.ts'
import { blockRows, Vector } from '../value/vector.ts'
import { type CompileContext, compile, type Evaluator } from './block.ts'
import type { BoundAggregation } from './bound.ts'
import type { Dimension } from './dimension.ts'
import { RecordBlock, type RecordLeaves } from './record-block.ts'

/** Groups of dimensions as passes find them; `nullShown`: the tuple of NULLs belongs to the result. */
export class GroupSet {
  readonly dimensions: readonly Dimension[]
  readonly table: GroupTable
  nullShown = false

  constructor(dimensions: readonly Dimension[], maxGroups: number) {
    this.dimensions = dimensions
    this.table = new GroupTable(
      dimensions.map(({ size }) => size),
      maxGroups,
    )
  }
}

const oneGroup = new Uint32Array(blockRows)

/** An aggregation at work: each record of its tables counts once per group, however many paths lead there. */
export class RunningAggregation {
  readonly groups: GroupSet
  readonly #tables: readonly number[]
  readonly #virtuals: readonly number[]
  readonly #args: readonly Evaluator[]
  readonly #accumulator: Accumulator
  readonly #kept = new Uint32Array(blockRows)
  readonly #pairs = new PairSet()
  readonly #distinct:
    | { readonly field: number; readonly pairs: PairSet; readonly kept: Uint32Array }
    | undefined
  /** Over all records as one group. */
  #whole: Accumulator | undefined
  #seen: PairIds[] = []
  #sized = 0

  /** `tables`: those the aggregation's own fields come from. `virtuals`: Aggr rows that count once. */
  constructor(
    bound: BoundAggregation,
    groups: GroupSet,
    tables: readonly number[],
    virtuals: readonly number[],
    context: CompileContext,
    withTotal = false,
  ) {
    this.groups = groups
    this.#tables = tables
    this.#virtuals = virtuals
    this.#args = bound.args.map((arg, index) =>
      compile(arg, context, index === 0 && bound.definition.numericOnly),
    )
    const [arg] = bound.args
    // Codes of a field are ids of its values already.
    const byCode =
      bound.distinct &&
      !bound.definition.idempotent &&
      bound.args.length === 1 &&
      arg?.kind === 'field'
    this.#distinct = byCode
      ? { field: arg.field, pairs: new PairSet(), kept: new Uint32Array(blockRows) }
      : undefined
    const settings = {
      args: bound.args.length,
      distinct: bound.distinct && !byCode,
      format: context.view.settings,
    }
    this.#accumulator = createAccumulator(bound.definition, settings)
    // What inner aggregates mean, and which values are new, depends on the groups.
    if (withTotal && bound.depth === 0 && (!bound.distinct || bound.definition.idempotent)) {
      this.#whole = createAccumulator(bound.definition, settings)
      this.#whole.resize(2)
    }
  }

  add(block: RecordBlock, ids: Uint32Array): void {
    const kept = this.#records(block, ids)
    if (kept === undefined) return
    this.#resize(this.groups.table.count)
    const args = this.#args.map((arg) => arg(block))
    this.#accumulator.add(
      this.#distinct === undefined ? kept : this.#firstOfCode(block, kept),
      args,
      block.count,
    )
    this.#whole?.add(oneGroup, args, block.count)
  }

  #firstOfCode(block: RecordBlock, ids: Uint32Array): Uint32Array {
    if (this.#distinct === undefined) return ids
    const { field, pairs, kept } = this.#distinct
    const codes = block.codes(field)
    for (let i = 0; i < block.count; i++)
      kept[i] = ids[i] !== noGroup && pairs.add(ids[i]!, codes[i]!) ? ids[i]! : noGroup
    return kept
  }

  /** Before a pass: a total is kept as long as every record of the sources counts exactly once. */
  expect(sources: readonly RecordSource[]): void {
    const once = sources.every(
      (source) =>
        source.eachOnce === true ||
        (this.#virtuals.length === 0 &&
          (source.distinctIn(this.#tables) || !this.#tables.some((table) => source.has(table)))),
    )
    if (!once) this.#whole = undefined
  }

  /** The result over all records; undefined when it was not kept. */
  total(): Vector | undefined {
    if (this.#whole === undefined) return undefined
    const out = new Vector(2)
    this.#whole.write(out, 0, 2)
    return out
  }

  /** Adds without asking for tables: for arguments that read no field. */
  addConstant(block: RecordBlock, ids: Uint32Array): void {
    this.#whole = undefined
    this.#resize(this.groups.table.count)
    this.#accumulator.add(
      ids,
      this.#args.map((arg) => arg(block)),
      block.count,
    )
  }

  /** Results of all groups and, in the last slot, of no records. */
  write(out: Vector, groups: number): void {
    this.#resize(groups + 1)
    this.#accumulator.write(out, 0, groups + 1)
  }

  #resize(groups: number): void {
    if (groups <= this.#sized) return
    this.#accumulator.resize(groups)
    this.#sized = groups
  }

  /** The groups of records that count here; undefined when none does. */
  #records(block: RecordBlock, ids: Uint32Array): Uint32Array | undefined {
    const { source, start, count } = block
    if (
      source.eachOnce === true ||
      (this.#virtuals.length === 0 && source.distinctIn(this.#tables))
    )
      return ids
    const here = this.#tables.filter((table) => source.has(table))
    if (here.length === 0 && this.#virtuals.length === 0) return undefined
    const kept = this.#kept
    if (
      here.length + this.#virtuals.length === 1 &&
      this.#tables.length + this.#virtuals.length === 1
    ) {
      const [table = -1] = here
      const [virtual = -1] = this.#virtuals
      this.#addSingle(
        ids,
        table === -1 ? block.virtualRows(virtual) : source.rows(table, start, count),
        count,
      )
      return kept
    }
    // Row -1 and `noGroup` are the same 32 bits.
    const keys: Int32Array[] = here.map((table) => source.rows(table, start, count))
    for (const index of this.#virtuals) keys.push(new Int32Array(block.virtualRows(index).buffer))
    for (let i = 0; i < count; i++)
      kept[i] = ids[i] !== noGroup && this.#isNew(ids[i]!, keys, i) ? ids[i]! : noGroup
    return kept
  }

  #addSingle(ids: Uint32Array, rows: Int32Array | Uint32Array, count: number): void {
    const kept = this.#kept
    const pairs = this.#pairs
    for (let i = 0; i < count; i++) {
      const row = rows[i]! | 0
      kept[i] = row >= 0 && ids[i] !== noGroup && pairs.add(ids[i]!, row) ? ids[i]! : noGroup
    }
  }

  // Rows of several tables are a chain of pairs: (group, first row), then (that pair, second row) …
  #isNew(group: number, keys: readonly Int32Array[], slot: number): boolean {
    let present = false
    for (let k = 0; k < keys.length && !present; k++) present = keys[k]![slot]! >= 0
    if (!present) return false
    let key = group
    let fresh = false
    for (let k = 0; k < keys.length; k++) {
      let seen = this.#seen[k]
      if (seen === undefined) {
        seen = new PairIds()
        this.#seen[k] = seen
      }
      const before = seen.count
      key = seen.idOf(key, keys[k]![slot]! + 1)
      fresh = key === before
    }
    return fresh
  }

  /** Whether any record of a group counted in the block just added. Exact for the group given. */
  counts(block: RecordBlock, ids: Uint32Array, group: number): boolean {
    const { source, start, count } = block
    const here = this.#tables.filter((table) => source.has(table))
    const rows = here.map((table) => source.rows(table, start, count))
    const virtual = this.#virtuals.map((index) => block.virtualRows(index))
    for (let i = 0; i < count; i++) {
      if (ids[i] !== group) continue
      if (rows.some((row) => row[i]! >= 0) || virtual.some((row) => row[i] !== noGroup)) return true
    }
    return false
  }
}

export interface Pass {
  readonly sources: readonly RecordSource[]
  readonly groups: GroupSet
  readonly aggregations: readonly RunningAggregation[]
  /** Without aggregations: records of the main source show the tuple of NULLs. */
  readonly showsNull: boolean
}

/** Reads the records of a pass once: groups them and feeds its aggregations. @throws LichenError `cancelled`, `budget-exceeded` */
export function runPass(pass: Pass, leaves: RecordLeaves, cancellation: CancellationToken): void {
  const ids = new Uint32Array(blockRows)
  const { groups } = pass
  const nulls = groups.dimensions.map(() => new Uint32Array(1))
  const nullId = new Uint32Array(1)
  for (const source of pass.sources) {
    const block = new RecordBlock(source, leaves)
    for (let start = 0, turn = 0; start < source.count; start += blockRows, turn++) {
      if ((turn & 63) === 0) throwIfCancelled(cancellation)
      block.moveTo(start, Math.min(blockRows, source.count - start))
      const codes = groups.dimensions.map((dimension) => dimension.codes(block))
      groups.table.add(codes, block.count, ids)
      for (const aggregation of pass.aggregations) aggregation.add(block, ids)
      if (groups.dimensions.length === 0 || groups.nullShown) continue
      groups.table.find(nulls, 1, nullId)
      if (nullId[0] === noGroup) continue
      groups.nullShown =
        (pass.showsNull && source.main && ids.subarray(0, block.count).includes(nullId[0]!)) ||
        pass.aggregations.some((aggregation) => aggregation.counts(block, ids, nullId[0]!))
    }
  }
}
