import {
  type Branch,
  branchesOf,
  holdersOf,
  keysOf,
  type Model,
  type ModelTable,
} from '../workloads/model.ts'
import { factTable, largeFields, textFields } from '../workloads/schema.ts'
import type { CubeQuery, FieldSelection, Measure } from '../workloads/task.ts'
import {
  aggregate,
  asText,
  branch,
  groupBy,
  isOneOf,
  noText,
  Union,
  where,
  without,
} from './sql.ts'

/**
 * Statements over any tree of tables, with missing keys on either side: a table passes its keys on only where a selection stands behind it.
 * Sales that are possible under all selections are found once and followed outwards, table by table (Yannakakis' second pass).
 */
export class Association {
  readonly #model: Model
  readonly #branches: readonly Branch[]
  readonly #selections: readonly FieldSelection[]
  readonly #union = new Union()
  /** What is read of the possible rows beside keys. */
  readonly #used = new Set<string>()

  constructor(model: Model, selections: readonly FieldSelection[]) {
    this.#model = model
    this.#branches = branchesOf(model)
    this.#selections = selections
  }

  /** The possible values of the fields, each as if its own field had no selection; tags are twice the field's place. */
  states(fields: readonly string[]): string {
    this.#addStates(fields)
    return this.#union.text('MATERIALIZED')
  }

  /** The states, then the charts under the tags that follow. */
  dashboard(fields: readonly string[], cubes: readonly CubeQuery[]): string {
    for (const { dimensions, measures } of cubes)
      for (const field of [...dimensions, ...measures.map((measure) => measure.field)])
        this.#used.add(field)
    this.#addStates(fields)
    cubes.forEach((cube, at) => {
      const texts = [...cube.dimensions.map(asText), noText, noText]
      const numbers = cube.measures.map(measured)
      const rows = branch(fields.length * 2 + at, texts, numbers, this.#cubeRows(cube, true))
      this.#union.branches.push(`${rows}${groupBy(cube.dimensions)}`)
    })
    return this.#union.text('MATERIALIZED')
  }

  /** A chart by itself: its dimensions, then its measures. */
  cube(cube: CubeQuery): string {
    const columns = [
      ...cube.dimensions,
      ...cube.measures.map((measure, at) => `${measured(measure)} AS m${at}`),
    ]
    return `SELECT ${columns.join(', ')} FROM ${this.#cubeRows(cube, false)}${groupBy(cube.dimensions)}`
  }

  #addStates(fields: readonly string[]): void {
    for (const field of fields) this.#used.add(field)
    fields.forEach((field, at) => {
      const values = `(${this.#values(field)})`
      const sum = textFields.has(field) ? `sum(length(${field}))` : `sum(${field})`
      this.#union.branches.push(
        largeFields.has(field)
          ? branch(at * 2, [noText, noText], ['count(*)', sum], values)
          : branch(at * 2, [asText(field), noText], [], values),
      )
    })
  }

  /** SELECT of the values of a field that are possible without its own selection. */
  #values(field: string): string {
    const others = without(this.#selections, field)
    const isOwn = others.length < this.#selections.length
    const holders = holdersOf(this.#model, field)
    const [first] = holders
    if (first === undefined) throw new Error(`no table has ${field}`)
    if (holders.length > 1) return this.#keyValues(field, holders, others, isOwn)
    const from = isOwn ? first.table : this.#possible(first)
    const conditions = isOwn ? this.#conditions(first, others) : []
    return `SELECT DISTINCT ${field} FROM ${from}${where([...conditions, `${field} IS NOT NULL`])}`
  }

  #keyValues(
    key: string,
    holders: readonly ModelTable[],
    others: readonly FieldSelection[],
    isOwn: boolean,
  ): string {
    const [first] = holders
    if (first !== undefined && !isOwn && this.#conditions(first, others, key).length > 0)
      return `SELECT DISTINCT ${key} FROM ${this.#possible(first)} WHERE ${key} IS NOT NULL`
    const all = (this.#model.isComplete ? holders.slice(0, 1) : holders).map(
      ({ table }) => `SELECT ${key} FROM ${table}`,
    )
    const conditions = [...this.#keyConditions(key, others), `${key} IS NOT NULL`]
    return `SELECT DISTINCT ${key} FROM (${all.join(' UNION ALL ')})${where(conditions)}`
  }

  /** What stands for the rows of a table that all selections leave. */
  #possible(table: ModelTable): string {
    if (this.#conditions(table, this.#selections).length === 0) return table.table
    const name = `p_${table.table}`
    if (this.#union.has(name)) return name
    const conditions = this.#conditionsFromParent(table)
    const keys = keysOf(this.#model, table)
    const columns = table.fields.filter((field) => this.#used.has(field) || keys.includes(field))
    const select = `SELECT ${columns.join(', ')} FROM ${table.table}${where(conditions)}`
    return this.#union.part(name, select)
  }

  /** Conditions of the possible rows by those of the table nearer to the sales, which have met all others. */
  #conditionsFromParent(table: ModelTable): readonly string[] {
    const found = this.#branches.find((each) => each.table === table)
    if (found === undefined) return this.#conditions(table, this.#selections)
    const { key, parent } = found
    if (this.#conditions(parent, this.#selections, key).length === 0)
      return this.#conditions(table, this.#selections)
    return [
      ...this.#conditions(table, this.#selections, key),
      `${key} IN (SELECT ${key} FROM ${this.#possible(parent)})`,
    ]
  }

  /** What the selections ask of a table's rows, directly and by its keys; `except` a key and what lies behind it. */
  #conditions(
    table: ModelTable,
    selections: readonly FieldSelection[],
    except?: string,
  ): readonly string[] {
    const keys = keysOf(this.#model, table)
    return [
      ...selections
        .filter(({ field }) => table.fields.includes(field) && !keys.includes(field))
        .map(isOneOf),
      ...keys
        .filter((key) => key !== except)
        .flatMap((key) => this.#keyConditions(key, selections, table)),
    ]
  }

  /** What the selections ask of a key, but for what `from` itself says. */
  #keyConditions(
    key: string,
    selections: readonly FieldSelection[],
    from?: ModelTable,
  ): readonly string[] {
    const own = selections.filter(({ field }) => field === key).map(isOneOf)
    const others = holdersOf(this.#model, key).filter((holder) => holder !== from)
    return [
      ...own,
      ...others.flatMap((holder) => {
        const conditions = this.#conditions(holder, selections, key)
        return conditions.length === 0
          ? []
          : [`${key} IN (SELECT ${key} FROM ${holder.table}${where(conditions)})`]
      }),
    ]
  }

  /** The possible sales joined with the tables of a chart's dimensions; `shared` with the other parts of the statement. */
  #cubeRows({ dimensions, measures }: CubeQuery, shared: boolean): string {
    const needed = new Set(
      this.#branches
        .filter(({ table }) => dimensions.some((field) => this.#isOf(table, field)))
        .flatMap(({ table }) => this.#way(table)),
    )
    const branches = this.#branches.filter(({ table }) => needed.has(table))
    const wanted = new Set([
      ...dimensions,
      ...measures.map(({ field }) => field),
      ...branches.map(({ key }) => key),
    ])
    const rows = (table: ModelTable, except?: string): string => {
      const conditions = this.#conditions(table, this.#selections, except)
      if (conditions.length === 0) return table.table
      if (shared && except === undefined) return this.#possible(table)
      const fields = table.fields.filter((field) => wanted.has(field))
      return `(SELECT ${fields.join(', ')} FROM ${table.table}${where(conditions)})`
    }
    const [sales] = this.#model.tables
    const join = this.#model.isComplete ? 'JOIN' : 'FULL JOIN'
    return [
      sales === undefined ? factTable : rows(sales),
      ...branches.map(({ table, key }) => {
        // An inner join repeats what the key would say.
        const from = rows(table, this.#model.isComplete ? key : undefined)
        return `${join} ${from} USING (${key})`
      }),
    ].join(' ')
  }

  /** Whether a dimension is read from this table: sales have the keys of others. */
  #isOf(table: ModelTable, field: string): boolean {
    return holdersOf(this.#model, field)[0] === table
  }

  /** A table and those between it and the sales. */
  #way(table: ModelTable): readonly ModelTable[] {
    const found = this.#branches.find((each) => each.table === table)
    return found === undefined ? [] : [table, ...this.#way(found.parent)]
  }
}

/** Nothing adds up to 0. */
function measured(measure: Measure): string {
  return measure.of === 'sum' ? `coalesce(${aggregate(measure)}, 0)` : aggregate(measure)
}
