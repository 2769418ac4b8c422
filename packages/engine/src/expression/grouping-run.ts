import { LichenError } from '../base/errors.ts'
import { frames, type RecordSource } from '../grouping/frame.ts'
import { noGroup } from '../grouping/group-table.ts'
import { joinTree } from '../grouping/join-tree.ts'
import { blockRows, Vector } from '../value/vector.ts'
import { virtualTable } from './aggr.ts'
import { fieldsWithin, setsWithin } from './aggr-reach.ts'
import type { AggregationPlan } from './aggregation-plan.ts'
import type { SetExpression } from './ast.ts'
import type { CompileContext } from './block.ts'
import { aggregatesOf, type BoundAggregation, fieldsOf, virtualsOf } from './bound.ts'
import { crossed, repeatAll, repeatEach, shownGroups } from './combinations.ts'
import { compileContext } from './compile-context.ts'
import type { Dimension } from './dimension.ts'
import { fringeOf } from './fringe.ts'
import { GroupSet } from './group-set.ts'
import type { Grouping, GroupingRequest } from './grouping.ts'
import { runPass } from './pass.ts'
import {
  type AggregateResult,
  noTables,
  RecordBlock,
  type RecordLeaves,
  VirtualSource,
  type VirtualTable,
} from './record-block.ts'
import { RunningAggregation } from './running-aggregation.ts'
import { type RecordSet, recordSet, type SetContext } from './set.ts'
import { fillListed, listedOf } from './synthetic-dimension.ts'
import { componentOfField, tablesOfFields, tableVariants, withFields } from './tables-of.ts'

/** One grouping at work; see `group`. */
export class GroupingRun implements RecordLeaves {
  readonly #request: GroupingRequest
  readonly #context: CompileContext
  readonly #sets: SetContext
  readonly #virtuals: readonly VirtualTable[]
  readonly #results: (AggregateResult | undefined)[] = []
  /** Groups of the dimensions of each component. */
  readonly #main = new Map<number, GroupSet>()
  readonly #covered = new Set<number>()

  /** `group` serves the groupings inside: those of Aggr. */
  constructor(
    request: GroupingRequest,
    sets: SetContext,
    group: (inner: GroupingRequest) => Grouping,
  ) {
    this.#request = request
    this.#context = compileContext(request.env)
    this.#sets = sets
    this.#virtuals =
      request.virtuals ??
      request.program.aggrs.map((aggr) => virtualTable(aggr, request.env, group))
    for (const [component, dimensions] of this.#dimensionsByComponent())
      this.#main.set(component, new GroupSet(dimensions, request.env.limits.maxGroups))
  }

  aggregateResult(index: number): AggregateResult {
    const result = this.#results[index]
    if (result === undefined)
      throw new LichenError('internal', 'Broken invariant: inner aggregates come first')
    return result
  }

  virtualTable(index: number): VirtualTable {
    const table = this.#virtuals[index]
    if (table === undefined)
      throw new LichenError('internal', `Broken invariant: Aggr ${index} is in the program`)
    return table
  }

  run(): Grouping {
    const { program } = this.#request
    const plans = program.aggregations.map((bound, index) => this.#plan(bound, index))
    const deepest = Math.max(0, ...program.aggregations.map(({ depth }) => depth))
    for (let depth = 0; depth <= deepest; depth++) {
      const level = plans.filter(
        ({ bound, components }) => bound.depth === depth && components.length > 0,
      )
      this.#runPlans(level)
      for (const plan of plans)
        if (plan.bound.depth === depth && depth < deepest) this.#finish(plan)
    }
    for (const component of this.#main.keys())
      if (!this.#covered.has(component)) this.#runDimensions(component)
    return this.#rows(plans)
  }

  #dimensionsByComponent(): Map<number, Dimension[]> {
    const byComponent = new Map<number, Dimension[]>()
    for (const dimension of this.#request.dimensions) {
      const component = this.#componentOf(dimension)
      byComponent.set(component, [...(byComponent.get(component) ?? []), dimension])
    }
    return byComponent
  }

  /** A synthetic dimension is a component of its own. */
  #componentOf(dimension: Dimension): number {
    if (dimension.listed !== undefined) return -2 - this.#request.dimensions.indexOf(dimension)
    const { view } = this.#request.env
    const components = new Set(dimension.fields.map((field) => componentOfField(view, field)))
    if (components.size > 1)
      throw new LichenError(
        'expression-invalid',
        'A calculated dimension uses fields of tables that nothing links',
      )
    const [component = -1] = components
    return component
  }

  #plan(bound: BoundAggregation, index: number): AggregationPlan {
    const { env, program } = this.#request
    const { view } = env
    const own = fieldsOf(bound.args)
    const virtuals = virtualsOf(bound.args)
    const counted = virtuals.filter((virtual) => this.virtualTable(virtual).repeatedBy === null)
    const repeated = virtuals.flatMap((virtual) => this.virtualTable(virtual).repeatedBy ?? [])
    const further = virtuals.flatMap((virtual) => this.virtualTable(virtual).fields)
    const outside = virtuals.flatMap((virtual) => this.#keysWithin(virtual))
    for (const inner of aggregatesOf(bound.args))
      further.push(...(program.aggregations[inner]?.total ?? []))
    const lists = tableVariants(view, own, bound.distinct || bound.definition.idempotent)
    const variants = (lists.length === 0 && repeated.length > 0 ? [[]] : lists).map((tables) => [
      ...new Set([...tables, ...repeated]),
    ])
    const reached = [
      ...(variants[0] ?? []),
      ...further.flatMap((field) => tablesOfFields(view, [field]).values().next().value ?? []),
    ]
    const components = [
      ...new Set(
        reached.map((table) => view.components.findIndex((tables) => tables.includes(table))),
      ),
    ]
    const groups = this.#groupsFor(bound, components)
    return {
      index,
      bound,
      set: recordSet(bound.set, this.#sets),
      variants: variants.length === 0 ? [[]] : variants,
      further,
      outside,
      virtuals: counted,
      running: new RunningAggregation(
        bound,
        groups,
        [...new Set(variants.flat())],
        counted,
        this.#context,
        this.#request.totals === true,
      ),
      components,
    }
  }

  /** Key fields of the tables an Aggr reads: their values may be in records that have none of its dimensions. */
  #keysWithin(virtual: number): readonly number[] {
    const { program, env } = this.#request
    const aggr = program.aggrs[virtual]
    if (aggr === undefined) return []
    const tables = tablesOfFields(env.view, fieldsWithin(aggr))
    return [...tables].flatMap((table) => env.view.linksOfTable(table).map(({ field }) => field))
  }

  /** The component's own groups when the aggregation keeps all its dimensions, else groups apart. */
  #groupsFor(bound: BoundAggregation, components: readonly number[]): GroupSet {
    const { env, dimensions } = this.#request
    const [component = -1, ...others] = components
    const main = this.#main.get(component)
    if (
      bound.total === undefined &&
      others.length === 0 &&
      main !== undefined &&
      components.length > 0
    )
      return main
    const { total } = bound
    const kept = dimensions.filter(
      (dimension) =>
        (components.length === 0 || components.includes(this.#componentOf(dimension))) &&
        (total === undefined ||
          (total !== null && dimension.field !== undefined && total.includes(dimension.field))),
    )
    return new GroupSet(kept, env.limits.maxGroups)
  }

  /** Aggregations that read the same records into the same groups share a pass. */
  #runPlans(plans: readonly AggregationPlan[]): void {
    const passes = new Map<
      string,
      {
        readonly plan: AggregationPlan
        readonly tables: readonly number[]
        readonly running: Set<RunningAggregation>
      }
    >()
    for (const plan of plans) {
      for (const variant of plan.variants) {
        const tables = [...this.#tablesOf(plan, variant)].sort((a, b) => a - b)
        const groups =
          [...this.#main].find(([, main]) => main === plan.running.groups)?.[0] ??
          `own${plan.index}`
        const key = [
          plan.set.key,
          tables,
          groups,
          plan.virtuals,
          plan.further,
          plan.outside,
          this.#virtualSources(plan) !== undefined,
        ].join('|')
        const pass = passes.get(key)
        if (pass === undefined) passes.set(key, { plan, tables, running: new Set([plan.running]) })
        else pass.running.add(plan.running)
      }
    }
    for (const { plan, tables, running } of passes.values()) {
      const { groups } = plan.running
      const sources =
        this.#virtualSources(plan) ??
        this.#sources(plan.components, tables, plan.set, groups, [...plan.further, ...plan.outside])
      for (const aggregation of running) aggregation.expect(sources)
      runPass(
        { sources, groups, aggregations: [...running], showsNull: false },
        this,
        this.#request.env.cancellation,
      )
    }
  }

  /**
   * An aggregation over the rows of one Aggr of the same set, grouped by its dimensions, needs no other records. Not where something inside looks at
   * another set: then rows of the Aggr may lie outside of this one.
   */
  #virtualSources({
    virtuals,
    variants,
    set,
    running,
    bound,
  }: AggregationPlan): readonly RecordSource[] | undefined {
    const [virtual, ...others] = virtuals
    const aggr = virtual === undefined ? undefined : this.#request.program.aggrs[virtual]
    if (
      virtual === undefined ||
      aggr === undefined ||
      others.length > 0 ||
      variants.some((tables) => tables.length > 0)
    )
      return undefined
    const table = this.virtualTable(virtual)
    const grouped = running.groups.dimensions.every(({ fields }) =>
      fields.every((field) => table.fields.includes(field)),
    )
    const plain = virtualsOf(bound.args).length === 1 && aggregatesOf(bound.args).length === 0
    return grouped && plain && setsWithin(aggr).every((own) => this.#keyOf(own) === set.key)
      ? [new VirtualSource(table)]
      : undefined
  }

  #keyOf(set: SetExpression | undefined): string {
    return recordSet(set, this.#sets).key
  }

  #tablesOf(plan: AggregationPlan, variant: readonly number[]): Set<number> {
    const fields = [
      ...plan.further,
      ...plan.running.groups.dimensions.flatMap((dimension) => dimension.fields),
    ]
    return withFields(this.#request.env.view, new Set(variant), fields)
  }

  /** The records of each component; of several components every combination. */
  #sources(
    components: readonly number[],
    tables: readonly number[],
    set: RecordSet,
    groups: GroupSet,
    virtualFields: readonly number[],
  ): readonly RecordSource[] {
    const { env } = this.#request
    let product: readonly RecordSource[] | undefined
    for (const component of components) {
      const here = tables.filter((table) => env.view.components[component]?.includes(table))
      const next = this.#framesOf(component, here, set, groups, virtualFields)
      product = product === undefined ? next : crossed(product, next, env)
    }
    return product ?? []
  }

  #framesOf(
    component: number,
    tables: readonly number[],
    set: RecordSet,
    groups: GroupSet,
    virtualFields: readonly number[],
  ): readonly RecordSource[] {
    const { env } = this.#request
    const tree = joinTree(env.view, tables)
    // The first pass over the selected records also brings the dimension values that only other tables hold.
    const covers =
      this.#main.get(component) === groups &&
      set.key === recordSet(this.#request.set, this.#sets).key
    const spread =
      covers && (virtualFields.length > 0 || !this.#covered.has(component))
        ? groups.dimensions.flatMap(({ fields }) => fields)
        : []
    const fringe = fringeOf(env.view, tree, [...spread, ...virtualFields])
    if (covers) this.#covered.add(component)
    return frames(env.view, set.possible, tree, fringe, env.limits.maxJoinedRecords, set.joined)
  }

  #runDimensions(component: number): void {
    const groups = this.#main.get(component)
    if (groups === undefined) return
    if (groups.dimensions.some(({ listed }) => listed !== undefined)) {
      fillListed(groups)
      return
    }
    const { env, program } = this.#request
    const set = recordSet(this.#request.set, this.#sets)
    const tables = withFields(
      env.view,
      new Set(),
      groups.dimensions.flatMap(({ fields }) => fields),
    )
    const sources = tables.size === 0 ? [] : this.#framesOf(component, [...tables], set, groups, [])
    runPass(
      { sources, groups, aggregations: [], showsNull: program.aggregations.length === 0 },
      this,
      env.cancellation,
    )
  }

  #finish(plan: AggregationPlan): AggregateResult {
    const { table, dimensions } = plan.running.groups
    const values = new Vector(table.count + 1)
    plan.running.write(values, table.count)
    const result = { table, dimensions, values, groups: table.count }
    this.#results[plan.index] = result
    return result
  }

  #rows(plans: readonly AggregationPlan[]): Grouping {
    const { dimensions } = this.#request
    const { rows, codes, mainIds } = this.#combinations()
    const aggregates = plans.map((plan) => {
      if (plan.components.length === 0) this.#addConstant(plan, rows, codes)
      const result = this.#finish(plan)
      const main = [...this.#main].find(([, groups]) => groups === plan.running.groups)
      const ids = main === undefined ? this.#find(result, rows, codes) : mainIds.get(main[0])
      return { values: result.values, ids: ids ?? this.#find(result, rows, codes) }
    })
    return {
      rows,
      codes: dimensions.map((_, d) => codes[d] ?? new Uint32Array(rows)),
      aggregates,
      virtuals: this.#virtuals,
      listed: listedOf(dimensions, codes),
      totals: plans.map(({ running }) => running.total()),
    }
  }

  /** An aggregation without fields sees one record in each group. */
  #addConstant(plan: AggregationPlan, rows: number, codes: readonly Uint32Array[]): void {
    const { groups } = plan.running
    const block = new RecordBlock(noTables, this)
    const taken = groups.dimensions.map(
      (dimension) => codes[this.#request.dimensions.indexOf(dimension)] ?? new Uint32Array(rows),
    )
    const ids = new Uint32Array(blockRows)
    const before = new Set<number>()
    for (let start = 0; start < rows; start += blockRows) {
      block.moveTo(0, Math.min(blockRows, rows - start))
      groups.table.add(
        taken.map((column) => column.subarray(start)),
        block.count,
        ids,
      )
      for (let i = 0; i < block.count; i++) {
        if (before.has(ids[i]!)) ids[i] = noGroup
        else before.add(ids[i]!)
      }
      plan.running.addConstant(block, ids)
    }
  }

  #find(result: AggregateResult, rows: number, codes: readonly Uint32Array[]): Uint32Array {
    const ids = new Uint32Array(rows)
    const { dimensions } = this.#request
    result.table.find(
      result.dimensions.map(
        (dimension) => codes[dimensions.indexOf(dimension)] ?? new Uint32Array(rows),
      ),
      rows,
      ids,
    )
    for (let row = 0; row < rows; row++) if (ids[row] === noGroup) ids[row] = result.groups
    return ids
  }

  /** The rows: groups of one component, or every combination of the groups of several. */
  #combinations(): { rows: number; codes: Uint32Array[]; mainIds: Map<number, Uint32Array> } {
    const { dimensions, env } = this.#request
    const mainIds = new Map<number, Uint32Array>()
    let rows = 1
    for (const [component, groups] of this.#main) {
      const shown = shownGroups(groups)
      if (rows * shown.length > env.limits.maxGroups)
        throw new LichenError(
          'budget-exceeded',
          `Dimensions of tables that nothing links make ${rows * shown.length} combinations, more than the limit of ${env.limits.maxGroups}`,
          { details: { combinations: rows * shown.length, limit: env.limits.maxGroups } },
        )
      for (const [earlier, ids] of mainIds) mainIds.set(earlier, repeatEach(ids, shown.length))
      mainIds.set(component, repeatAll(shown, rows))
      rows *= shown.length
    }
    const codes = dimensions.map((dimension) => {
      for (const [component, groups] of this.#main) {
        const d = groups.dimensions.indexOf(dimension)
        const ids = mainIds.get(component)
        if (d !== -1 && ids !== undefined) return groups.table.codesOf(d, ids)
      }
      return new Uint32Array(rows)
    })
    return { rows, codes, mainIds }
  }
}
