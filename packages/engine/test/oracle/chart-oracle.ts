import { aggregateValues } from './chart-aggregations.ts'
import type { CodedTables } from './chart-data.ts'
import { functions } from './chart-functions.ts'
import { type ChartSelections, type RecordTest, recordTest, type SetSubject } from './chart-sets.ts'
import {
  type Aggr,
  type Aggregate,
  nodesOf,
  partsOf,
  type SetTree,
  type Tree,
  textOfSet,
  textOfTree,
} from './chart-tree.ts'
import { type ChartValue, operators, Undecided, unaryOperators } from './chart-value.ts'
import { fullOuterJoin, type JoinedComponent, type JoinedRecord } from './full-outer-join.ts'

/** Dimension values of a row of the chart, as codes. */
export type Tuple = ReadonlyMap<string, number | null>

interface Scope {
  readonly tuple: Tuple
  readonly outer: SetTree | null
}

/**
 * Expressions evaluated row by row over the full outer join of all tables. An aggregation sees every combination of rows of the tables its
 * own fields come from once in a row of the chart.
 */
export class ChartOracle {
  readonly #data: CodedTables
  readonly #components: readonly JoinedComponent[]
  readonly #subject: SetSubject
  readonly #records = new Map<string, ReadonlyMap<string, readonly JoinedRecord[]>>()
  readonly #tests = new Map<string, RecordTest>()
  readonly #virtuals = new Map<string, ReadonlyMap<string, ChartValue>>()
  /** Rows that the aggregations of the measures evaluated so far have records in. */
  readonly seen: Map<string, Tuple> = new Map()

  constructor(
    data: CodedTables,
    selections: ChartSelections,
    components: readonly JoinedComponent[] = fullOuterJoin(data.tables),
  ) {
    this.#data = data
    this.#components = components
    this.#subject = { data, selections, components }
  }

  value(tree: Tree, tuple: Tuple): ChartValue {
    const inner = tree.kind === 'within' ? tree.body : tree
    return this.#inGroup(inner, { tuple, outer: tree.kind === 'within' ? tree.set : null })
  }

  /**
   * Rows of a chart: each combination of dimension values over the records of a set; null = the selections. `all`: also that of NULLs in
   * the dimensions of tables that reach each other.
   */
  tuples(dimensions: readonly string[], set: SetTree | null, all: boolean): readonly Tuple[] {
    let tuples: readonly Tuple[] = [new Map()]
    for (const component of this.#components) {
      const own = dimensions.filter((name) => component.fields.has(name))
      if (own.length === 0) continue
      const parts = [...this.#groups(component, own, set).values()]
        .map(([first]) => tupleOf(own, first))
        .filter((part) => all || [...part.values()].some((code) => code !== null))
      tuples = tuples.flatMap((tuple) => parts.map((part) => new Map([...tuple, ...part])))
    }
    return tuples.map(
      (tuple) => new Map(dimensions.map((field) => [field, tuple.get(field) ?? null])),
    )
  }

  #inGroup(tree: Tree, scope: Scope): ChartValue {
    switch (tree.kind) {
      case 'field':
        return this.#aggregate(only(tree), scope)
      case 'aggregate':
        return this.#aggregate(tree, scope)
      case 'aggr':
        return this.#aggregate(only(tree), scope)
      default:
        return applied(tree, (part) => this.#inGroup(part, scope))
    }
  }

  #aggregate(tree: Aggregate, scope: Scope): ChartValue {
    const set = tree.set === null ? scope.outer : inherited(scope.outer, tree.set)
    const tuple = tree.total === null ? scope.tuple : restricted(scope.tuple, tree.total)
    const nodes = tree.args.flatMap(nodesOf)
    const [virtual, ...further] = nodes.filter((node) => node.kind === 'aggr')
    const own = new Set(nodes.flatMap((node) => (node.kind === 'field' ? [node.name] : [])))
    if (virtual !== undefined) {
      if (further.length > 0 || own.size > 0) throw new Undecided('Aggr beside other rows')
      return aggregateValues(tree, this.#virtualRows(virtual, tree, tuple, set, scope))
    }
    const inner = new Map<Tree, ChartValue>()
    const values = this.#rows(tree, own, tuple, set, scope.tuple).map((cells) =>
      tree.args.map((arg) => this.#inRecord(arg, cells, inner, scope)),
    )
    return aggregateValues(tree, values)
  }

  #inRecord(
    tree: Tree,
    cells: (name: string) => ChartValue,
    inner: Map<Tree, ChartValue>,
    scope: Scope,
  ): ChartValue {
    if (tree.kind === 'field') return cells(tree.name)
    if (tree.kind !== 'aggregate')
      return applied(tree, (part) => this.#inRecord(part, cells, inner, scope))
    // An aggregation with TOTAL is the same for all records of a row of the chart.
    const known = inner.get(tree)
    if (known !== undefined) return known
    const value = this.#aggregate(tree, scope)
    inner.set(tree, value)
    return value
  }

  /** Each combination of rows of the own tables once. */
  #rows(
    { name, distinct, args }: Aggregate,
    own: ReadonlySet<string>,
    tuple: Tuple,
    set: SetTree | null,
    row: Tuple,
  ): readonly ((name: string) => ChartValue)[] {
    if (own.size === 0) throw new Undecided('an aggregation without a field')
    const { tables, values } = this.#data
    const holders = (field: string): number[] =>
      tables.flatMap(({ fields }, at) => (fields.includes(field) ? [at] : []))
    const counted = new Set<number>()
    const keys: (readonly number[])[] = []
    for (const field of own) {
      const held = holders(field)
      if (held.length === 1) counted.add(held[0] ?? -1)
      else keys.push(held)
    }
    const isRepeatable = distinct || repeatable.has(name.toLowerCase())
    for (const held of keys) {
      if (held.some((table) => counted.has(table))) continue
      if (own.size > 1) throw new Undecided('a key apart from its tables')
      if (!isRepeatable) counted.add(held[0] ?? -1)
      else for (const table of held) counted.add(table)
    }
    const component = this.#components.find((candidate) =>
      [...counted].every((table) => candidate.tables.includes(table)),
    )
    if (component === undefined) throw new Undecided('tables that nothing links')
    for (const inner of args.flatMap(nodesOf))
      if (inner.kind === 'aggregate' && inner.total?.some((field) => !component.fields.has(field)))
        throw new Undecided('TOTAL by a field that nothing links to the records')
    const found: ((name: string) => ChartValue)[] = []
    const met = new Set<string>()
    for (const record of this.#matching(component, tuple, set)) {
      const rows = [...counted].map((table) => record.rows[table] ?? -1)
      if (rows.every((at) => at === -1) || met.has(rows.join())) continue
      met.add(rows.join())
      found.push((field) => {
        const code = record.values.get(field) ?? null
        return code === null ? null : (values.get(field)?.[code] ?? null)
      })
    }
    if (
      found.length > 0 &&
      tuple === row &&
      [...row.keys()].every((field) => component.fields.has(field))
    )
      this.seen.set(keyOf(row.values()), row)
    return found
  }

  /** The rows of an Aggr that the records of a row of the chart belong to. */
  #virtualRows(
    aggr: Aggr,
    { args }: Aggregate,
    tuple: Tuple,
    set: SetTree | null,
    { outer }: Scope,
  ): readonly (readonly ChartValue[])[] {
    const { dimensions } = aggr
    const component = this.#components.find(({ fields }) =>
      dimensions.every((field) => fields.has(field)),
    )
    if (component === undefined) throw new Undecided('an Aggr over tables that nothing links')
    if (!nodesOf(aggr.body).some(isAggregation)) throw new Undecided('an Aggr of constants')
    const reached = new Set<string>()
    for (const record of this.#matching(component, tuple, set)) {
      const own = tupleOf(dimensions, record)
      reached.add(keyOf(own.values()))
    }
    const table = this.#virtualTable(aggr, outer)
    if (holdsSet(aggr.body) && [...reached].some((key) => !table.has(key)))
      throw new Undecided('rows of an Aggr that only a set inside it brings')
    const nulls = keyOf(dimensions.map(() => null))
    if (table.has(nulls) && reached.has(nulls)) throw new Undecided('the NULL row of an Aggr')
    return [...table]
      .filter(([key]) => reached.has(key))
      .map(([, value]) => args.map((arg) => inVirtualRow(arg, value)))
  }

  /** The rows of an Aggr: combinations that the selections leave or that an aggregation inside has records in. */
  #virtualTable(
    { dimensions, body }: Aggr,
    outer: SetTree | null,
  ): ReadonlyMap<string, ChartValue> {
    const name = `${textOfTree(body)}|${dimensions.join('|')}|${textOf(outer)}`
    const known = this.#virtuals.get(name)
    if (known !== undefined) return known
    const inner = new ChartOracle(this.#data, this.#subject.selections, this.#components)
    const existing = new Set(
      inner.tuples(dimensions, outer, false).map((tuple) => keyOf(tuple.values())),
    )
    const table = new Map<string, ChartValue>()
    for (const tuple of inner.tuples(dimensions, everything, true)) {
      const key = keyOf(tuple.values())
      const value = inner.#inGroup(body, { tuple, outer })
      if (existing.has(key) || inner.seen.has(key)) table.set(key, value)
    }
    this.#virtuals.set(name, table)
    return table
  }

  #matching(
    component: JoinedComponent,
    tuple: Tuple,
    set: SetTree | null,
  ): readonly JoinedRecord[] {
    const own = [...tuple.keys()].filter((field) => component.fields.has(field))
    const groups = this.#groups(component, own, set)
    return groups.get(keyOf(own.map((field) => tuple.get(field) ?? null))) ?? []
  }

  #groups(
    component: JoinedComponent,
    fields: readonly string[],
    set: SetTree | null,
  ): ReadonlyMap<string, readonly JoinedRecord[]> {
    const setText = textOf(set)
    const key = `${setText}|${fields.join('|')}|${component.tables.join()}`
    const known = this.#records.get(key)
    if (known !== undefined) return known
    const test = this.#tests.get(setText) ?? recordTest(set, this.#subject)
    this.#tests.set(setText, test)
    const groups = new Map<string, JoinedRecord[]>()
    for (const record of component.records) {
      if (!test(component, record)) continue
      const group = keyOf(tupleOf(fields, record).values())
      const records = groups.get(group)
      if (records === undefined) groups.set(group, [record])
      else records.push(record)
    }
    this.#records.set(key, groups)
    return groups
  }
}

export const everything: SetTree = { kind: 'entity', identifier: '1', modifiers: [] }

/** Where seeing a value again changes nothing, a key is read in all of its tables. */
const repeatable: ReadonlySet<string> = new Set(['only', 'min', 'max', 'minstring', 'maxstring'])

function only(arg: Tree): Aggregate {
  return { kind: 'aggregate', name: 'Only', args: [arg], set: null, distinct: false, total: null }
}

function applied(tree: Tree, evaluate: (part: Tree) => ChartValue): ChartValue {
  const parts = partsOf(tree).map(evaluate)
  const [first = null, second = null] = parts
  switch (tree.kind) {
    case 'number':
      return tree.value
    case 'text':
      return tree.text
    case 'unary':
      return unaryOperators[tree.operator](first)
    case 'binary':
      return operators[tree.operator](first, second)
    case 'call': {
      const known = functions[tree.name.toLowerCase()]
      if (known === undefined) throw new Error(`The oracle does not know ${tree.name}`)
      return known(parts)
    }
    default:
      throw new Error(`${tree.kind} does not stand here`)
  }
}

function inVirtualRow(tree: Tree, value: ChartValue): ChartValue {
  return tree.kind === 'aggr' ? value : applied(tree, (part) => inVirtualRow(part, value))
}

function holdsSet(tree: Tree): boolean {
  return nodesOf(tree).some(
    (node) => node.kind === 'aggregate' && (node.set !== null || node.args.some(holdsSet)),
  )
}

const textOf = (set: SetTree | null): string => (set === null ? '' : textOfSet(set))

function isAggregation(tree: Tree): boolean {
  return tree.kind === 'aggregate' || tree.kind === 'field' || tree.kind === 'aggr'
}

function restricted(tuple: Tuple, fields: readonly string[]): Tuple {
  return new Map([...tuple].filter(([field]) => fields.includes(field)))
}

function tupleOf(fields: readonly string[], record: JoinedRecord | undefined): Tuple {
  return new Map(fields.map((field) => [field, record?.values.get(field) ?? null]))
}

export function keyOf(codes: Iterable<number | null>): string {
  return [...codes].join()
}

/** Without identifier a set refines the outer one. */
function inherited(outer: SetTree | null, inner: SetTree): SetTree {
  if (outer === null) return inner
  if (inner.kind === 'operation')
    return { ...inner, left: inherited(outer, inner.left), right: inherited(outer, inner.right) }
  return inner.identifier === '' ? refined(outer, inner.modifiers) : inner
}

type Entity = Extract<SetTree, { readonly kind: 'entity' }>

function refined(outer: SetTree, modifiers: Entity['modifiers']): SetTree {
  return outer.kind === 'operation'
    ? { ...outer, left: refined(outer.left, modifiers), right: refined(outer.right, modifiers) }
    : { ...outer, modifiers: [...outer.modifiers, ...modifiers] }
}
