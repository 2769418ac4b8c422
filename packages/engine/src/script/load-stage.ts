import { throwIfCancelled } from '../base/cancellation.ts'
import type { RowReader as RowSource } from '../expression/row-evaluator.ts'
import type { Value } from '../value/dual.ts'
import { PerCode } from './per-code.ts'
import { Record } from './record.ts'
import type { RowExpression } from './row-expression.ts'
import type { RecordPosition, RunState } from './run-state.ts'
import {
  compact,
  type Dictionaries,
  type RowReader,
  rowReader,
  type StageBatch,
  type StageColumn,
  type StageSource,
} from './stage.ts'
import { isTrue, newDictionaries } from './values.ts'

export interface Output {
  readonly name: string
  readonly expression: RowExpression
}

/** One LOAD of a stack, compiled. */
export interface StagePlan {
  readonly source: StageSource
  readonly outputs: readonly Output[]
  readonly where: RowExpression | undefined
  readonly while: RowExpression | undefined
  /** Records read at most. */
  readonly first: number | undefined
  /** Chance of a record to be taken. */
  readonly sample: number | undefined
  /** Rows stored so far by the whole stack; only the top LOAD numbers rows, the others see 0. */
  readonly rowsStored: (() => number) | undefined
}

/** Records beyond which a single record's WHILE or SubField repetition is taken for endless. */
const maxRepetitions = 10_000_000
const flushRows = 1024

/** The rows of one LOAD as batches of its output fields. A batch holds only rows that passed WHERE. */
export function loadStage(plan: StagePlan, state: RunState): StageSource {
  return {
    fields: plan.outputs.map((output) => output.name),
    rows: plan.where === undefined && plan.while === undefined ? plan.source.rows : undefined,
    batches: (wanted) => new StageRun(plan, wanted, state).batches(),
  }
}

class StageRun {
  readonly #plan: StagePlan
  readonly #state: RunState
  readonly #outputs: readonly Output[]
  /** Slots of source fields that are read, and where each stands in a batch. */
  readonly #wanted: readonly number[]
  readonly #columnOfSlot = new Map<number, number>()
  readonly #dictionaries: readonly Dictionaries[]
  readonly #record: Record
  readonly #perCode = new Map<RowExpression, PerCode>()
  readonly #bound = new Map<RowExpression, () => Value>()
  readonly #position: RecordPosition
  readonly #oneByOne: boolean
  #recordsRead = 0
  #passed = new PassedRecords()

  constructor(plan: StagePlan, wanted: readonly number[], state: RunState) {
    this.#plan = plan
    this.#state = state
    this.#outputs = wanted.flatMap((index) => plan.outputs[index] ?? [])
    const expressions = [
      ...this.#outputs.map((output) => output.expression),
      ...[plan.where, plan.while].filter((each) => each !== undefined),
    ]
    const slots = new Set(expressions.flatMap((expression) => expression.slots))
    if (expressions.some((expression) => !expression.pure))
      for (const slot of plan.source.fields.keys()) slots.add(slot)
    this.#wanted = [...slots].sort((left, right) => left - right)
    for (const [column, slot] of this.#wanted.entries()) this.#columnOfSlot.set(slot, column)
    this.#dictionaries = this.#wanted.map(() => newDictionaries(state.space.settings))
    this.#record = new Record(plan.source.fields.length)
    this.#oneByOne = expressions.some((expression) => expression.sequential)
    for (const expression of expressions) this.#bound.set(expression, expression.bind(this.#record))
    this.#position = {
      recNo: 0,
      rowNo: 0,
      iterNo: 1,
      previousRow: () => this.#passed.back(1),
    }
  }

  async *batches(): AsyncIterable<StageBatch> {
    const first = this.#plan.first ?? Number.POSITIVE_INFINITY
    const byRow =
      this.#oneByOne ||
      this.#plan.while !== undefined ||
      this.#outputs.some((output) => output.expression.repeats.length > 0)
    if (first <= 0) return
    for await (const batch of this.#plan.source.batches(this.#wanted)) {
      throwIfCancelled(this.#state.cancellation)
      const rows = Math.min(batch.rows, first - this.#recordsRead)
      const taken: StageBatch = rows === batch.rows ? batch : { rows, columns: batch.columns }
      const keep = this.#sampled(rows)
      if (byRow) yield* this.#rowByRow(taken, keep)
      else yield this.#whole(taken, keep)
      this.#recordsRead += rows
      if (this.#recordsRead >= first) return
    }
  }

  #sampled(rows: number): Uint8Array {
    const keep = new Uint8Array(rows).fill(1)
    const { sample } = this.#plan
    if (sample !== undefined)
      for (let row = 0; row < rows; row++) if (this.#state.random() >= sample) keep[row] = 0
    return keep
  }

  /** A column at a time where a column can be had from one dictionary, the rest row by row. */
  #whole(batch: StageBatch, keep: Uint8Array): StageBatch {
    this.#read(batch)
    this.#filter(batch, keep)
    const columns: (StageColumn | undefined)[] = this.#outputs.map(({ expression }) =>
      this.#columnWise(expression, batch, keep),
    )
    const rest = columns.flatMap((column, index) => (column === undefined ? [index] : []))
    if (rest.length > 0) {
      const values = rest.map(() => new Array<Value>(batch.rows).fill(null))
      const evaluators = rest.map((index) => this.#evaluator(this.#outputs[index]?.expression))
      const stored = this.#plan.rowsStored?.()
      let kept = 0
      this.#state.record = this.#position
      for (let row = 0; row < batch.rows; row++) {
        if (keep[row] === 0) continue
        kept += 1
        this.#moveTo(row, stored === undefined ? 0 : stored + kept)
        for (let i = 0; i < evaluators.length; i++) values[i]![row] = evaluators[i]!()
        this.#passed.push(this.#record.readers, row)
      }
      for (const [i, index] of rest.entries())
        columns[index] = { kind: 'values', values: values[i] ?? [] }
    }
    // Rows that were looked at one by one stay within reach of Previous().
    const held = rest.length > 0 || this.#plan.where?.pure === false
    return compact(
      {
        rows: batch.rows,
        columns: columns.filter((column) => column !== undefined),
        release: held ? undefined : batch.release,
        during: batch.during,
      },
      keep,
    )
  }

  #filter(batch: StageBatch, keep: Uint8Array): void {
    const { where } = this.#plan
    if (where === undefined) return
    const { settings } = this.#state.space
    const accepts = (value: Value): boolean => isTrue(value, settings)
    const slot = where.slots[0]
    if (where.pure && where.slots.length === 1 && slot !== undefined) {
      this.#perCodeOf(where, slot).mask(
        this.#dictionaryColumn(batch, slot, where.numbersOnly),
        batch.rows,
        accepts,
        keep,
      )
      return
    }
    const evaluate = this.#evaluator(where)
    this.#state.record = this.#position
    const stored = this.#plan.rowsStored?.()
    let kept = 0
    for (let row = 0; row < batch.rows; row++) {
      if (keep[row] === 0) continue
      this.#moveTo(row, stored === undefined ? 0 : stored + kept + 1)
      if (accepts(evaluate())) {
        kept += 1
        if (!where.pure) this.#passed.push(this.#record.readers, row)
      } else keep[row] = 0
    }
    if (!where.pure) this.#passed = new PassedRecords()
  }

  /** The whole column without looking at rows one by one; undefined when that cannot be. */
  #columnWise(
    expression: RowExpression,
    batch: StageBatch,
    keep: Uint8Array,
  ): StageColumn | undefined {
    if (expression.field !== undefined)
      return batch.columns[this.#columnOfSlot.get(expression.field) ?? -1]
    if (!expression.pure) return undefined
    const slot = expression.slots[0]
    if (expression.slots.length === 1 && slot !== undefined) {
      return this.#perCodeOf(expression, slot).column(
        this.#dictionaryColumn(batch, slot, expression.numbersOnly),
        batch.rows,
        keep,
      )
    }
    if (expression.slots.length > 0) return undefined
    const value = this.#evaluator(expression)()
    return {
      kind: 'dictionary',
      codes: new Uint8Array(batch.rows).fill(value === null ? 0 : 1),
      dictionary: [value],
      format: null,
    }
  }

  async *#rowByRow(batch: StageBatch, keep: Uint8Array): AsyncIterable<StageBatch> {
    this.#read(batch)
    const { where, while: repeat } = this.#plan
    const { settings } = this.#state.space
    const passes = where === undefined ? undefined : this.#evaluator(where)
    const again = repeat === undefined ? undefined : this.#evaluator(repeat)
    const evaluators = this.#outputs.map((output) => this.#evaluator(output.expression))
    const repeats = this.#outputs
      .flatMap((output) => output.expression.repeats)
      .map(({ extra, bind }) => ({ extra, parts: bind(this.#record) }))
    let pending: Value[][] = []
    for (let row = 0; row < batch.rows; row++) {
      if (keep[row] === 0) continue
      this.#position.iterNo = 1
      this.#here(row, pending.length)
      if (passes !== undefined && !isTrue(passes(), settings)) continue
      for (let iteration = 1; ; iteration++) {
        this.#position.iterNo = iteration
        this.#here(row, pending.length)
        if (again !== undefined && !isTrue(again(), settings)) break
        if (iteration > maxRepetitions) this.#endless()
        const combinations = new Combinations(repeats.map((each) => each.parts()))
        while (combinations.next()) {
          for (const [i, { extra }] of repeats.entries())
            this.#record.extras[extra] = combinations.part(i)
          this.#here(row, pending.length)
          pending.push(evaluators.map((evaluate) => evaluate()))
          if (this.#oneByOne || pending.length >= flushRows) {
            throwIfCancelled(this.#state.cancellation)
            yield transposed(pending, evaluators.length)
            pending = []
          }
        }
        if (again === undefined) break
      }
      this.#passed.push(this.#record.readers, row)
    }
    this.#position.iterNo = 1
    if (pending.length > 0) yield transposed(pending, evaluators.length)
  }

  /** Sets the position again after control was given away: upper stages evaluate in between. */
  #here(row: number, pending: number): void {
    const stored = this.#plan.rowsStored?.()
    this.#state.record = this.#position
    this.#moveTo(row, stored === undefined ? 0 : stored + pending + 1)
  }

  #endless(): never {
    throw new RangeError(
      `WHILE repeated one record more than ${maxRepetitions} times; let its condition use IterNo()`,
    )
  }

  #read(batch: StageBatch): void {
    const readers: RowReader[] = []
    for (const [column, slot] of this.#wanted.entries()) {
      const source = batch.columns[column]
      const dictionaries = this.#dictionaries[column]
      if (source === undefined || dictionaries === undefined) continue
      let reader: RowReader | undefined
      readers[slot] = (row) => {
        reader ??= rowReader(source, dictionaries)
        return reader(row)
      }
    }
    this.#record.readers = readers
  }

  #moveTo(row: number, rowNo: number): void {
    this.#record.row = row
    this.#position.recNo = this.#recordsRead + row + 1
    this.#position.rowNo = rowNo
  }

  #dictionaryColumn(
    batch: StageBatch,
    slot: number,
    numbersOnly: boolean,
  ): ReturnType<Dictionaries['encode']> {
    const column = this.#columnOfSlot.get(slot) ?? -1
    const source = batch.columns[column]
    const dictionaries = this.#dictionaries[column]
    if (source === undefined || dictionaries === undefined)
      return { kind: 'dictionary', codes: new Uint8Array(batch.rows), dictionary: [], format: null }
    return numbersOnly && source.kind === 'dictionary' ? source : dictionaries.encode(source)
  }

  #perCodeOf(expression: RowExpression, slot: number): PerCode {
    const known = this.#perCode.get(expression)
    if (known !== undefined) return known
    const record = new Record(this.#plan.source.fields.length)
    let current: Value = null
    const readers: RowReader[] = []
    readers[slot] = () => current
    record.readers = readers
    const evaluate = expression.bind(record)
    const made = new PerCode((value) => {
      current = value
      return evaluate()
    })
    this.#perCode.set(expression, made)
    return made
  }

  #evaluator(expression: RowExpression | undefined): () => Value {
    return (expression === undefined ? undefined : this.#bound.get(expression)) ?? (() => null)
  }
}

/** Records kept within reach of nested Previous(). */
const reach = 16

/** The last records that were not discarded. */
class PassedRecords {
  readonly #readers: (readonly RowReader[])[] = []
  readonly #rows = new Float64Array(reach)
  #count = 0

  push(readers: readonly RowReader[], row: number): void {
    const slot = this.#count++ % reach
    this.#readers[slot] = readers
    this.#rows[slot] = row
  }

  /** The record `steps` before the current one. */
  back(steps: number): RowSource | null {
    if (steps > this.#count || steps > reach) return null
    const slot = (this.#count - steps) % reach
    const readers = this.#readers[slot]
    const row = this.#rows[slot] ?? 0
    return {
      field: (field) => readers?.[field]?.(row) ?? null,
      previous: () => this.back(steps + 1),
    }
  }
}

/** All combinations of one part from each list, the last list running fastest; one empty combination without lists. */
class Combinations {
  readonly #lists: readonly (readonly Value[])[]
  readonly #at: number[]
  #started = false

  constructor(lists: readonly (readonly Value[])[]) {
    this.#lists = lists
    this.#at = lists.map(() => 0)
  }

  next(): boolean {
    if (!this.#started) {
      this.#started = true
      return this.#lists.every((list) => list.length > 0)
    }
    for (let i = this.#lists.length - 1; i >= 0; i--) {
      const at = (this.#at[i] ?? 0) + 1
      if (at < (this.#lists[i]?.length ?? 0)) {
        this.#at[i] = at
        return true
      }
      this.#at[i] = 0
    }
    return false
  }

  part(list: number): Value {
    return this.#lists[list]?.[this.#at[list] ?? 0] ?? null
  }
}

function transposed(rows: readonly (readonly Value[])[], columns: number): StageBatch {
  return {
    rows: rows.length,
    columns: Array.from({ length: columns }, (_, column) => ({
      kind: 'values',
      values: rows.map((row) => row[column] ?? null),
    })),
  }
}
