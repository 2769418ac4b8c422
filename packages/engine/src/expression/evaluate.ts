import { LichenError } from '../base/errors.ts'
import { frames, ProductFrame, type RecordSource } from '../grouping/frame.ts'
import { noGroup } from '../grouping/group-table.ts'
import { joinTree } from '../grouping/join-tree.ts'
import type { Selections } from '../selection/selections.ts'
import { signatureOf } from '../selection/signature.ts'
import { Bitset } from '../storage/bitset.ts'
import { numberOf, type Value } from '../value/dual.ts'
import { blockRows, Vector } from '../value/vector.ts'
import { virtualTable } from './aggr.ts'
import type { SetExpression } from './ast.ts'
import { Binder } from './bind.ts'
import type { CompileContext } from './block.ts'
import { type Bound, type BoundAggregation, fieldsOf, type Program, visitBound } from './bound.ts'
import { compileContext } from './compile-context.ts'
import { derivedEnvironment } from './derived-environment.ts'
import { type Dimension, fieldDimension } from './dimension.ts'
import type { Environment } from './environment.ts'
import { fringeOf } from './fringe.ts'
import { Measures } from './measure.ts'
import { GroupSet, RunningAggregation, runPass } from './pass.ts'
import { prepare } from './prepare.ts'
import {
  type AggregateResult,
  RecordBlock,
  type RecordLeaves,
  VirtualSource,
  type VirtualTable,
} from './record-block.ts'
import { type RecordSet, recordSet, type SetContext, stateSelections } from './set.ts'
import { componentOfField, tablesOfFields, withFields } from './tables-of.ts'

/** What is grouped: a bound program, the dimensions, and the set the dimensions' own records come from. */
export interface GroupingRequest {
  readonly program: Program
  readonly dimensions: readonly Dimension[]
  /** Undefined: the selections of the object's state. */
  readonly set: SetExpression | undefined
  readonly env: Environment
  /** Rows of the program's Aggrs, when an earlier request of the same program made them. */
  readonly virtuals?: readonly VirtualTable[]
}

/** The rows of a grouping: codes per dimension, and for each aggregation of the program its results. */
export interface Grouping {
  readonly rows: number
  readonly codes: readonly Uint32Array[]
  /** `ids[row]` is the slot of `values`. */
  readonly aggregates: readonly { readonly values: Vector; readonly ids: Uint32Array }[]
  readonly virtuals: readonly VirtualTable[]
}

/**
 * Groups the possible records by the dimensions and evaluates every aggregation of the program. Rows are the combinations that exist
 * in the set of the dimensions or in the set of an aggregation that keeps all of them.
 * @throws LichenError `budget-exceeded`, `cancelled`, `expression-invalid`
 */
export function group(request: GroupingRequest): Grouping {
  return new GroupingRun(request).run()
}

interface AggregationPlan {
  readonly index: number
  readonly bound: BoundAggregation
  readonly set: RecordSet
  /** Tables of the own fields; several lists when every place of a key field is read. */
  readonly variants: readonly (readonly number[])[]
  /** Fields read on the way to groups and virtual rows. */
  readonly further: readonly number[]
  readonly virtuals: readonly number[]
  readonly running: RunningAggregation
  readonly components: readonly number[]
}

class GroupingRun implements RecordLeaves {
  readonly #request: GroupingRequest
  readonly #context: CompileContext
  readonly #sets: SetContext
  readonly #virtuals: readonly VirtualTable[]
  readonly #results: (AggregateResult | undefined)[] = []
  /** Groups of the dimensions of each component. */
  readonly #main = new Map<number, GroupSet>()
  readonly #covered = new Set<number>()

  constructor(request: GroupingRequest) {
    this.#request = request
    this.#context = compileContext(request.env)
    this.#sets = setContext(request.env)
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

  #componentOf(dimension: Dimension): number {
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
    for (const inner of aggregatesOf(bound.args))
      further.push(...(program.aggregations[inner]?.total ?? []))
    const lists = tableVariants(bound, own, this.#request)
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
      virtuals: counted,
      running: new RunningAggregation(
        bound,
        groups,
        [...new Set(variants.flat())],
        counted,
        this.#context,
      ),
      components,
    }
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
        const key = `${plan.set.key}|${tables.join(',')}|${groups}|${plan.virtuals.join(',')}|${this.#virtualSources(plan) !== undefined}`
        const pass = passes.get(key)
        if (pass === undefined) passes.set(key, { plan, tables, running: new Set([plan.running]) })
        else pass.running.add(plan.running)
      }
    }
    for (const { plan, tables, running } of passes.values()) {
      const { groups } = plan.running
      const sources =
        this.#virtualSources(plan) ??
        this.#sources(
          plan.components,
          tables,
          plan.set,
          groups,
          plan.virtuals.length > 0 ? plan.further : [],
        )
      runPass(
        { sources, groups, aggregations: [...running], showsNull: false },
        this,
        this.#request.env.cancellation,
      )
    }
  }

  /** An aggregation over the rows of one Aggr of the same set, grouped by its dimensions, needs no other records. */
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
    return grouped && plain && recordSet(aggr.set, this.#sets).key === set.key
      ? [new VirtualSource(table)]
      : undefined
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
      covers && !this.#covered.has(component)
        ? groups.dimensions.flatMap(({ fields }) => fields)
        : []
    const fringe = fringeOf(env.view, tree, [...spread, ...virtualFields])
    if (covers) this.#covered.add(component)
    return frames(env.view, set.possible, tree, fringe, env.limits.maxJoinedRecords)
  }

  #runDimensions(component: number): void {
    const groups = this.#main.get(component)
    if (groups === undefined) return
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
    }
  }

  /** An aggregation without fields sees one record in each group. */
  #addConstant(plan: AggregationPlan, rows: number, codes: readonly Uint32Array[]): void {
    const { groups } = plan.running
    const block = new RecordBlock({ ...emptySource }, this)
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
        if (d !== -1 && ids !== undefined)
          return Uint32Array.from(ids, (id) => groups.table.codes(d)[id]!)
      }
      return new Uint32Array(rows)
    })
    return { rows, codes, mainIds }
  }
}

const emptySource: RecordSource = {
  count: 0,
  main: true,
  has: () => false,
  codes: (_, __, count) => new Uint32Array(count),
  rows: (_, __, count) => new Int32Array(count).fill(-1),
  distinctIn: () => false,
}

function shownGroups({ table, nullShown, dimensions }: GroupSet): Uint32Array {
  const ids = Uint32Array.from({ length: table.count }, (_, id) => id)
  if (nullShown || dimensions.length === 0) return ids
  return ids.filter((id) => dimensions.some((_, d) => table.codes(d)[id] !== 0))
}

function repeatEach(ids: Uint32Array, times: number): Uint32Array {
  const out = new Uint32Array(ids.length * times)
  for (let i = 0; i < ids.length; i++) out.fill(ids[i]!, i * times, (i + 1) * times)
  return out
}

function repeatAll(ids: Uint32Array, times: number): Uint32Array {
  if (times === 1) return ids
  const out = new Uint32Array(ids.length * times)
  for (let i = 0; i < times; i++) out.set(ids, i * ids.length)
  return out
}

function crossed(
  left: readonly RecordSource[],
  right: readonly RecordSource[],
  env: Environment,
): readonly RecordSource[] {
  const total =
    left.reduce((sum, { count }) => sum + count, 0) *
    right.reduce((sum, { count }) => sum + count, 0)
  if (total > env.limits.maxJoinedRecords)
    throw new LichenError(
      'budget-exceeded',
      `An aggregation over tables that nothing links makes ${total} combinations, more than the limit of ${env.limits.maxJoinedRecords}. Link the tables or aggregate them apart`,
      { details: { combinations: total, limit: env.limits.maxJoinedRecords } },
    )
  const { view } = env
  return left.flatMap((a) =>
    right.map(
      (b) =>
        new ProductFrame(a, b, (field) =>
          (view.fields[field]?.places ?? []).some(({ table }) => a.has(table)),
        ),
    ),
  )
}

function virtualsOf(trees: readonly Bound[]): number[] {
  const found = new Set<number>()
  for (const tree of trees)
    visitBound(tree, (node) => node.kind === 'virtual' && found.add(node.index))
  return [...found]
}

function aggregatesOf(trees: readonly Bound[]): number[] {
  const found = new Set<number>()
  for (const tree of trees)
    visitBound(tree, (node) => node.kind === 'aggregate' && found.add(node.index))
  return [...found]
}

/** Where seeing a value again changes nothing, a key field alone is read in all its tables; else each aggregation reads one list. */
function tableVariants(
  bound: BoundAggregation,
  fields: ReadonlySet<number>,
  { env }: GroupingRequest,
): readonly (readonly number[])[] {
  const [field, ...others] = fields
  if (field === undefined) return []
  const places = env.view.fields[field]?.places ?? []
  if (others.length === 0 && places.length > 1 && (bound.distinct || bound.definition.idempotent)) {
    const component = componentOfField(env.view, field)
    return places
      .map(({ table }) => [table])
      .filter(([table]) => table !== undefined && env.view.components[component]?.includes(table))
  }
  return [[...tablesOfFields(env.view, fields)]]
}

/** Sets of an environment, with expression searches evaluated per symbol. */
export function setContext(env: Environment): SetContext {
  return {
    env,
    searchExpression: (text, field, base) =>
      symbolsWhereTrue(text, field, lifted(env, base, field)),
  }
}

/** The environment in which an object's state has these selections but for one field. */
function lifted(env: Environment, base: Selections, field: number): Environment {
  const fields = new Map(base.fields)
  fields.delete(field)
  const selections = { fields, signature: signatureOf(fields) }
  return derivedEnvironment(env, {
    selectionsOf: (state) => (state === env.state ? selections : env.selectionsOf(state)),
  })
}

/**
 * The symbols of a field for which an expression gives a number other than 0; what is aggregated follows the state's selections.
 * @throws ExpressionError
 */
export function symbolsWhereTrue(text: string, field: number, env: Environment): Bitset {
  const { ast, source } = prepare(text, env, (inner) => evaluateExpression(inner, env))
  const binder = new Binder(env)
  const tree = binder.bindGroup(ast, source)
  const dimension = fieldDimension(env.view, field)
  const grouping = group({ program: binder, dimensions: [dimension], set: undefined, env })
  const values = new Measures(binder, grouping, env).column(tree)
  const symbols = new Bitset(dimension.size - 1)
  const codes = grouping.codes[0]
  for (let row = 0; row < grouping.rows; row++) {
    const code = codes?.[row] ?? 0
    const number = numberOf(values.get(row))
    if (code > 0 && number !== 0 && !Number.isNaN(number)) symbols.add(code - 1)
  }
  return symbols
}

/**
 * The value of an expression over the whole state, without dimensions.
 * @throws ExpressionError, LichenError `budget-exceeded`, `cancelled`
 */
export function evaluateExpression(text: string, env: Environment): Value {
  const { ast, source } = prepare(text, env, (inner) => evaluateExpression(inner, env))
  const binder = new Binder(env)
  const tree = binder.bindGroup(ast, source)
  const grouping = group({ program: binder, dimensions: [], set: undefined, env })
  return new Measures(binder, grouping, env).column(tree).get(0)
}
