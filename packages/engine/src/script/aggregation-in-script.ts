import type { Accumulator } from '../aggregation/aggregation.ts'
import { findAggregation } from '../aggregation/registry.ts'
import type { Call, Expression } from '../expression/ast.ts'
import { numberOf, type Value } from '../value/dual.ts'
import { blockRows, Vector } from '../value/vector.ts'
import { accumulatorOf } from './aggregate-call.ts'
import {
  compileRow,
  ExtraSlots,
  extraField,
  type Parsed,
  type ParsedOutput,
  parsed,
} from './compile-expression.ts'
import { factsOf, replaceCalls, someCall } from './expression-tree.ts'
import { loadStage, type StagePlan } from './load-stage.ts'
import { Record } from './record.ts'
import { KeyNumbers } from './row-codes.ts'
import { StatementError } from './row-expression.ts'
import { noRecord, type RunState } from './run-state.ts'
import { valuesSource } from './sources.ts'
import {
  type Dictionaries,
  type DictionaryColumn,
  rowReader,
  type StageBatch,
  type StageSource,
} from './stage.ts'
import type { Fragment } from './statement.ts'
import { newDictionaries } from './values.ts'
import { allOf } from './window-values.ts'

export function isGrouped(outputs: readonly ParsedOutput[]): boolean {
  return outputs.some(({ ast }) =>
    someCall(ast, (call) => findAggregation(call.name) !== undefined),
  )
}

interface Aggregate {
  readonly call: Call
  readonly accumulator: Accumulator
  /** First column of its arguments in the batches of the inner stage. */
  readonly firstColumn: number
  readonly vectors: readonly Vector[]
}

/**
 * A LOAD with aggregations: one row per combination of the GROUP BY values, in order of first appearance; one row in all without GROUP BY.
 * @throws StatementError `script-failed` for a field that is neither grouped nor aggregated
 */
export function groupedStage(
  plan: Omit<StagePlan, 'outputs'>,
  outputs: readonly ParsedOutput[],
  groupBy: readonly Fragment[],
  state: RunState,
): StageSource {
  const fields = outputs.map((output) => output.name)
  return {
    fields,
    rows: undefined,
    async *batches(wanted) {
      const columns = await new Grouping(plan, outputs, groupBy, state).run()
      yield* valuesSource(fields, columns, columns[0]?.length ?? 0).batches(wanted)
    },
  }
}

class Grouping {
  readonly #plan: Omit<StagePlan, 'outputs'>
  readonly #state: RunState
  readonly #keys: readonly Parsed[]
  readonly #aggregates: Aggregate[] = []
  /** Outputs with their aggregations replaced by extra slots. */
  readonly #rest: readonly ParsedOutput[]
  /** Expressions of the inner stage: keys, arguments of the aggregations, plain fields. */
  readonly #inner: Parsed[]
  readonly #plainFields: readonly string[]
  readonly #firstPlain: number
  readonly #firstValues: Value[][]
  #groups = 0

  constructor(
    plan: Omit<StagePlan, 'outputs'>,
    outputs: readonly ParsedOutput[],
    groupBy: readonly Fragment[],
    state: RunState,
  ) {
    this.#plan = plan
    this.#state = state
    this.#keys = groupBy.map(parsed)
    this.#inner = [...this.#keys]
    this.#rest = outputs.map((output) => ({
      ...output,
      ast: replaceCalls(output.ast, (call) => this.#aggregate(call, output)),
    }))
    this.#plainFields = this.#fieldsOutside()
    this.#firstPlain = this.#inner.length
    for (const name of this.#plainFields)
      this.#inner.push({
        ast: { kind: 'field', name, quote: 'bracket', span: { start: 0, end: 1 } },
        fragment: { text: name, span: { start: 0, end: 1 } },
      })
    this.#firstValues = this.#plainFields.map(() => [])
  }

  #aggregate(call: Call, { fragment }: Parsed): Expression | undefined {
    const accumulator = accumulatorOf(call, fragment, this.#state)
    if (accumulator === undefined) return undefined
    const firstColumn = this.#inner.length
    for (const ast of call.args) this.#inner.push({ ast, fragment })
    this.#aggregates.push({
      call,
      accumulator,
      firstColumn,
      vectors: call.args.map(() => new Vector()),
    })
    return extraField(this.#aggregates.length - 1, call.span)
  }

  /** Fields read outside aggregations; each has to be grouped by. */
  #fieldsOutside(): string[] {
    const grouped = new Set(
      this.#keys.flatMap(({ ast }) => factsOf(ast).fields.map((field) => field.name)),
    )
    const names = new Set<string>()
    for (const { ast, fragment } of this.#rest) {
      for (const { name, span } of factsOf(ast).fields) {
        if (name.startsWith('\u0000')) continue
        if (!grouped.has(name)) {
          const at =
            fragment.text === '*'
              ? fragment.span
              : { start: fragment.span.start + span.start, end: fragment.span.start + span.end }
          throw new StatementError(
            'script-failed',
            `Field "${name}" is neither in GROUP BY nor inside an aggregation`,
            at,
          )
        }
        names.add(name)
      }
    }
    return [...names]
  }

  async run(): Promise<Value[][]> {
    const { source } = this.#plan
    const extras = new ExtraSlots()
    const outputs = this.#inner.map((each, index) => ({
      name: String(index),
      expression: compileRow(each, source.fields, extras, this.#state),
    }))
    const stage = loadStage({ ...this.#plan, rowsStored: undefined, outputs }, this.#state)
    if (this.#keys.length === 0) this.#groups = 1
    this.#resize()
    const numbers = new KeyNumbers(this.#keys.length)
    const identities = this.#keys.map(() => new Identities())
    const dictionaries = this.#inner.map(() => newDictionaries(this.#state.space.settings))
    for await (const batch of stage.batches([...outputs.keys()]))
      this.#add(batch, numbers, identities, dictionaries)
    return this.#results()
  }

  #add(
    batch: StageBatch,
    numbers: KeyNumbers,
    identities: readonly Identities[],
    dictionaries: readonly Dictionaries[],
  ): void {
    const keys = identities.map((own, index) => {
      const column = batch.columns[index]
      const encoder = dictionaries[index]
      return column === undefined || encoder === undefined
        ? new Uint32Array(batch.rows)
        : own.of(encoder.encode(column), batch.rows)
    })
    const groups = new Uint32Array(batch.rows)
    const readers = batch.columns.map((column, index) =>
      rowReader(column, dictionaries[index] ?? newDictionaries(this.#state.space.settings)),
    )
    for (let row = 0; row < batch.rows; row++) {
      const group = this.#keys.length === 0 ? 0 : numbers.numberRow(keys, row, false, true)
      groups[row] = group
      if (group < this.#groups) continue
      this.#groups = Math.max(this.#groups, group + 1)
      for (const [index, values] of this.#firstValues.entries())
        values[group] = readers[this.#firstPlain + index]?.(row) ?? null
    }
    this.#resize()
    for (const { accumulator, firstColumn, vectors } of this.#aggregates) {
      for (let start = 0; start < batch.rows; start += blockRows) {
        const count = Math.min(blockRows, batch.rows - start)
        for (const [index, vector] of vectors.entries()) {
          const read = readers[firstColumn + index]
          for (let i = 0; i < count; i++) vector.set(i, read?.(start + i) ?? null)
        }
        accumulator.add(groups.subarray(start, start + count), vectors, count)
      }
    }
  }

  #resize(): void {
    for (const { accumulator } of this.#aggregates) accumulator.resize(this.#groups)
  }

  #results(): Value[][] {
    const aggregated = this.#aggregates.map(({ accumulator }) => allOf(accumulator, this.#groups))
    const record = new Record(this.#plainFields.length)
    record.readers = this.#firstValues.map((values) => (group: number) => values[group] ?? null)
    const slots = new ExtraSlots()
    slots.count = this.#aggregates.length
    const evaluators = this.#rest.map((output) =>
      compileRow(output, this.#plainFields, slots, this.#state).bind(record),
    )
    const columns: Value[][] = evaluators.map(() => [])
    const stored = this.#plan.rowsStored?.()
    for (let group = 0; group < this.#groups; group++) {
      record.row = group
      this.#state.record = {
        ...noRecord,
        recNo: group + 1,
        rowNo: stored === undefined ? 0 : stored + group + 1,
      }
      for (const [index, values] of aggregated.entries())
        record.extras[index] = values[group] ?? null
      for (const [index, evaluate] of evaluators.entries()) columns[index]?.push(evaluate())
    }
    return columns
  }
}

/** Numbers the values of one column so that equal values, also in different spellings, have one number; NULL is 0. */
class Identities {
  readonly #known = new Map<number | string, number>()
  #dictionary: readonly Value[] | undefined
  #ids: number[] = []

  of({ codes, dictionary }: DictionaryColumn, rows: number): Uint32Array {
    if (this.#dictionary !== dictionary) this.#ids = []
    this.#dictionary = dictionary
    for (let entry = this.#ids.length; entry < dictionary.length; entry++)
      this.#ids.push(this.#idOf(dictionary[entry] ?? null))
    const ids = new Uint32Array(rows)
    for (let row = 0; row < rows; row++) {
      const code = codes[row]!
      ids[row] = code === 0 ? 0 : (this.#ids[code - 1] ?? 0)
    }
    return ids
  }

  #idOf(value: Value): number {
    if (value === null) return 0
    const key = typeof value === 'string' ? value : numberOf(value)
    const id = this.#known.get(key) ?? this.#known.size + 1
    this.#known.set(key, id)
    return id
  }
}
