import type { Accumulator } from '../aggregation/aggregation.ts'
import type { CodedAccumulator } from '../aggregation/coded.ts'
import { createAccumulator } from '../aggregation/distinct.ts'
import { PairSet } from '../aggregation/pair-set.ts'
import { PairIds } from '../aggregation/value-ids.ts'
import type { Branch, RecordCodes, RecordSource } from '../grouping/frame.ts'
import { mapCodes } from '../grouping/gather.ts'
import { noGroup } from '../grouping/group-table.ts'
import { blockRows, Vector } from '../value/vector.ts'
import type { Operand } from '../wasm/program.ts'
import { argumentOfField, type CompileContext, compile, type Evaluator } from './block.ts'
import type { BoundAggregation } from './bound.ts'
import { type ClassedRun, classedRun } from './classed-run.ts'
import type { GroupSet } from './group-set.ts'
import type { Plannable } from './kernel-pass.ts'
import type { RecordBlock } from './record-block.ts'

const oneGroup = new Uint32Array(blockRows)

/** Records per block where nothing but codes is read. */
export const codedRows = 4096

/** An aggregation that reads codes of one field. */
interface CodedRun {
  readonly field: number
  readonly accumulator: CodedAccumulator
  /** Of records that count, made when some do not. */
  taken?: { readonly ids: Uint32Array; readonly codes: Uint32Array }
}

function codedRun(bound: BoundAggregation, context: CompileContext): CodedRun | undefined {
  const { definition, distinct, args } = bound
  const [arg, ...others] = args
  if (arg === undefined || others.length > 0) return undefined
  const byValue = !distinct || definition.idempotent
  const create = byValue
    ? definition.createCoded
    : arg.kind === 'field'
      ? definition.createCodedDistinct
      : undefined
  if (create === undefined) return undefined
  const argument = argumentOfField(arg, context, definition.numericOnly)
  if (argument === undefined) return undefined
  return {
    field: argument.field,
    accumulator: create(argument.values()),
  }
}

/** An aggregation at work: each record of its tables counts once per group, however many paths lead there. */
export class RunningAggregation implements Plannable {
  readonly groups: GroupSet
  readonly #bound: BoundAggregation
  readonly #context: CompileContext
  readonly #tables: readonly number[]
  readonly #virtuals: readonly number[]
  readonly #coded: CodedRun | undefined
  readonly #classed: ClassedRun | undefined
  readonly #args: readonly Evaluator[]
  readonly #accumulator: Accumulator | undefined
  #kept: Uint32Array | undefined
  readonly #pairs = new PairSet()
  readonly #distinct:
    | { readonly field: number; readonly pairs: PairSet; readonly kept: Uint32Array }
    | undefined
  /** Over all records as one group. */
  #whole: Accumulator | undefined
  #codedTotal: boolean
  /** Whether no record of the source read last has NULL in the field. */
  #filledIn: { readonly source: RecordSource; readonly filled: boolean } | undefined
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
    this.#bound = bound
    this.#context = context
    this.#tables = tables
    this.#virtuals = virtuals
    this.#coded = codedRun(bound, context)
    this.#codedTotal = withTotal && bound.depth === 0
    if (this.#coded === undefined && virtuals.length === 0)
      this.#classed = classedRun(bound, groups, context)
    if (this.#coded !== undefined || this.#classed !== undefined) {
      this.#args = []
      return
    }
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

  /** Whether blocks may be longer than `blockRows`: nothing but codes is read. */
  get isCoded(): boolean {
    return (this.#coded !== undefined || this.#classed !== undefined) && this.#virtuals.length === 0
  }

  add(block: RecordBlock, ids: Uint32Array): void {
    const kept = this.#records(block, ids)
    if (kept === undefined) return
    this.#resize(this.groups.table.count)
    if (this.#coded !== undefined) this.#addCodes(this.#coded, block, kept, kept === ids)
    this.#classed?.add(
      block,
      this.groups.dimensions.length === 0 && kept === ids ? undefined : kept,
      kept === ids,
    )
    if (this.#accumulator === undefined) return
    const args = this.#args.map((arg) => arg(block))
    this.#accumulator.add(
      this.#distinct === undefined ? kept : this.#firstOfCode(block, kept),
      args,
      block.count,
    )
    this.#whole?.add(oneGroup, args, block.count)
  }

  /** Adds all records of a source by how often each code occurs, without groups; false where that is not known. */
  addCounts(source: RecordSource): boolean {
    if (this.#coded === undefined || this.#virtuals.length > 0) return false
    if (source.eachOnce === true || !source.distinctIn(this.#tables)) return false
    const counts = source.countsByCode?.(this.#coded.field)
    if (counts === undefined) return false
    this.#resize(1)
    this.#coded.accumulator.addCounts(counts)
    return true
  }

  /** Whether each record before a branch counts once in a group, however many rows it leads to. */
  canBranch({ near }: Branch): boolean {
    return (
      this.isCoded &&
      this.#coded !== undefined &&
      near.distinctIn(this.#tables) &&
      this.#tables.every((table) => near.has(table))
    )
  }

  /** Whether the results of the records before a branch, in at most so many groups, can be put together exactly. */
  absorbs({ near }: Branch, groups: number): boolean {
    return this.#coded?.accumulator.absorbs(near.count, groups) === true
  }

  /** Adds records start + at[i] of a source to group ids[i]; `size`: records of the block they are in. `taken` is written over. */
  addChosen(
    source: RecordSource,
    start: number,
    size: number,
    at: Uint32Array,
    taken: Uint32Array,
    ids: Uint32Array,
    count: number,
  ): void {
    if (this.#coded === undefined) return
    const { accumulator, field } = this.#coded
    this.#resize(this.groups.table.count)
    mapCodes(source.codes(field, start, size), at, count, taken)
    accumulator.add(ids, taken, count, source.isFilled?.(field) === true)
  }

  /** The same aggregation into other groups. */
  apart(groups: GroupSet): RunningAggregation {
    return new RunningAggregation(this.#bound, groups, this.#tables, this.#virtuals, this.#context)
  }

  /** Takes the results of one made by `apart`: of its group from[i] into group to[i]. */
  absorb(other: RunningAggregation, from: Uint32Array, to: Uint32Array, count: number): void {
    if (this.#coded === undefined || other.#coded === undefined) return
    this.#resize(this.groups.table.count)
    this.#coded.accumulator.absorb(other.#coded.accumulator, from, to, count)
  }

  /** Whether each of a source's records counts once, so that all can be planned for kernels. */
  canPlan(source: RecordSource): boolean {
    return this.isCoded && source.eachOnce !== true && source.distinctIn(this.#tables)
  }

  /** Plans what `add` does for all records of a source. @throws NotInArena */
  plan(source: RecordSource, records: RecordCodes, ids: Operand | undefined): void {
    this.#resize(this.groups.table.count)
    this.#classed?.plan(source, records, ids)
    if (this.#coded === undefined) return
    const { accumulator, field } = this.#coded
    accumulator.plan(records.program, ids, records.codes(field), source.isFilled?.(field) === true)
  }

  #addCodes(coded: CodedRun, block: RecordBlock, kept: Uint32Array, all: boolean): void {
    const { accumulator, field } = coded
    const codes = block.codes(field)
    const { count, source } = block
    if (this.#filledIn?.source !== source)
      this.#filledIn = { source, filled: source.isFilled?.(field) === true }
    const { filled } = this.#filledIn
    if (all) {
      accumulator.add(this.groups.dimensions.length === 0 ? undefined : kept, codes, count, filled)
      return
    }
    coded.taken ??= { ids: new Uint32Array(codedRows), codes: new Uint32Array(codedRows) }
    const { taken } = coded
    let at = 0
    for (let i = 0; i < count; i++) {
      if (kept[i] === noGroup) continue
      taken.ids[at] = kept[i]!
      taken.codes[at++] = codes[i]!
    }
    accumulator.add(taken.ids, taken.codes, at, filled)
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
    if (once) return
    this.#whole = undefined
    this.#codedTotal = false
  }

  /** The result over all records; undefined when it was not kept. */
  total(): Vector | undefined {
    const out = new Vector(2)
    if (this.#coded !== undefined && this.#codedTotal) {
      this.#resize(1)
      this.#coded.accumulator.total(out)
      return out
    }
    if (this.#classed !== undefined && this.#codedTotal) {
      this.#resize(1)
      this.#classed.total(out)
      return out
    }
    if (this.#whole === undefined) return undefined
    this.#whole.write(out, 0, 2)
    return out
  }

  /** Adds without asking for tables: for arguments that read no field. */
  addConstant(block: RecordBlock, ids: Uint32Array): void {
    this.#whole = undefined
    this.#codedTotal = false
    this.#resize(this.groups.table.count)
    this.#accumulator?.add(
      ids,
      this.#args.map((arg) => arg(block)),
      block.count,
    )
  }

  /** Results of all groups and, in the last slot, of no records. */
  write(out: Vector, groups: number): void {
    this.#resize(groups + 1)
    this.#coded?.accumulator.write(out, groups + 1)
    this.#classed?.write(out, groups + 1)
    this.#accumulator?.write(out, 0, groups + 1)
  }

  #resize(groups: number): void {
    if (groups <= this.#sized) return
    this.#coded?.accumulator.resize(groups)
    this.#classed?.resize(groups)
    this.#accumulator?.resize(groups)
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
    this.#kept ??= new Uint32Array(codedRows)
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
        kept,
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

  #addSingle(
    ids: Uint32Array,
    rows: Int32Array | Uint32Array,
    count: number,
    kept: Uint32Array,
  ): void {
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
