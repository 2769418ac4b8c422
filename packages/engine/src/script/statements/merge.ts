import type { TableBuilder } from '../../storage/table-builder.ts'
import { codesOf, KeyNumbers } from '../row-codes.ts'
import { StatementError } from '../row-expression.ts'
import { listOf, type RunState } from '../run-state.ts'
import type { Name, PartialPrefix } from '../statement.ts'

export type MergePrefix = Extract<PartialPrefix, { readonly kind: 'merge' }>

type Operation = 'insert' | 'update' | 'delete'
const operations: ReadonlyMap<string, Operation> = new Map([
  ['insert', 'insert'],
  ['i', 'insert'],
  ['update', 'update'],
  ['u', 'update'],
  ['', 'update'],
  ['delete', 'delete'],
  ['d', 'delete'],
])

/** What the first field of a change log asks for, and when. */
interface Changes {
  /** By row of the log. */
  readonly operations: readonly Operation[]
  /** By row of the log; below all numbers where there is none. */
  readonly sequence: Float64Array
  /** Rows of the log by sequence number, equal ones as loaded. */
  readonly order: Uint32Array
}

/**
 * Applies a change log to a table. The first field of the log is the operation: Insert, Update, Delete or their first letters; none is
 * Update. Changes come in the order of their sequence numbers, and one that is older than the row it would change is left out. An insert
 * takes the place of the row with its key and is NULL where the log has no field; an update keeps what the log does not name, and inserts
 * what is not there. Of several rows with the key of a change the latest counts, the others go. Keys with a NULL part equal none. Rows
 * that changed come last. The variable gets the largest sequence number of the log.
 * Source: https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/Scripting/ScriptPrefixes/Merge.htm
 * @throws StatementError `field-not-found`, `script-failed` for another operation
 */
export function mergeTables(
  target: TableBuilder,
  log: TableBuilder,
  merge: MergePrefix,
  state: RunState,
): void {
  const sequenceField = merge.sequence === undefined ? -1 : columnNamed(log, merge.sequence)
  const keyFields = merge.keys.map((key) => [columnNamed(log, key), key.text] as const)
  const changes = changesOf(log, sequenceField, merge)
  for (const field of log.fields.slice(1)) if (target.columnOf(field) < 0) target.addField(field)

  const numbers = new KeyNumbers(keyFields.length)
  const keysOf = (table: TableBuilder, columns: readonly number[]): Int32Array =>
    numbers.number(
      columns.map((column) => codesOf(table, column)),
      table.rows,
      true,
      true,
    )
  const rows = new LatestRows(
    target,
    log,
    keysOf(
      target,
      keyFields.map(([, name]) => target.columnOf(name)),
    ),
    keysOf(
      log,
      keyFields.map(([column]) => column),
    ),
    numbers.count,
    merge.sequence === undefined
      ? new Float64Array(target.rows).fill(Number.NEGATIVE_INFINITY)
      : numbersOf(target, target.columnOf(merge.sequence.text)),
  )
  for (const row of changes.order)
    rows.change(row, changes.operations[row]!, changes.sequence[row]!)
  rows.store()
  state.checkRows(target.rows, target.name)
  noteLargest(changes, merge, state)
}

function columnNamed(log: TableBuilder, { text, span }: Name): number {
  const column = log.columnOf(text)
  if (column >= 0) return column
  throw new StatementError(
    'field-not-found',
    `MERGE: the LOAD gives no field "${text}"; it gives ${listOf(log.fields)}`,
    span,
  )
}

function changesOf(log: TableBuilder, sequenceField: number, merge: MergePrefix): Changes {
  const symbols = log.symbolsOf(0)
  const bySymbol = Array.from({ length: symbols.count }, (_, symbol) =>
    operations.get(symbols.textAt(symbol).trim().toLowerCase()),
  )
  const found: Operation[] = []
  for (const code of codesOf(log, 0)) {
    const operation = code === 0 ? 'update' : bySymbol[code - 1]
    if (operation === undefined)
      throw new StatementError(
        'script-failed',
        `MERGE: the first field "${log.fields[0]}" says "${symbols.textAt(code - 1)}"; it must say Insert, Update or Delete`,
        merge.span,
      )
    found.push(operation)
  }
  const sequence =
    sequenceField < 0
      ? new Float64Array(log.rows).fill(Number.NEGATIVE_INFINITY)
      : numbersOf(log, sequenceField)
  const order = Uint32Array.from({ length: log.rows }, (_, row) => row)
  order.sort((left, right) => sequence[left]! - sequence[right]! || left - right)
  return { operations: found, sequence, order }
}

/** Of each row; below all numbers where there is none. */
function numbersOf(table: TableBuilder, column: number): Float64Array {
  const symbols = table.symbolsOf(column)
  return Float64Array.from(codesOf(table, column), (code) => {
    const number = code === 0 ? Number.NaN : symbols.numberAt(code - 1)
    return Number.isNaN(number) ? Number.NEGATIVE_INFINITY : number
  })
}

function noteLargest(
  { sequence, order }: Changes,
  { variable }: MergePrefix,
  state: RunState,
): void {
  const largest = sequence[order[order.length - 1] ?? -1] ?? Number.NEGATIVE_INFINITY
  if (variable === undefined || largest === Number.NEGATIVE_INFINITY) return
  state.setVariable(variable.text, String(largest))
}

const absent = -1

/** The newest row of each key, in the table or made of the log. */
class LatestRows {
  readonly #target: TableBuilder
  readonly #log: TableBuilder
  readonly #targetKeys: Int32Array
  readonly #logKeys: Int32Array
  /** Number of the newest row of each key: those of the table, then the made ones. */
  readonly #latest: Int32Array
  /** 1 for keys whose rows of the table go. */
  readonly #changed: Uint8Array
  readonly #sequence: Float64Array
  /** Column of the log for each field of the table, -1 for none. */
  readonly #from: readonly number[]
  /** Codes of the made rows, an array per field of the table. */
  readonly #made: readonly Uint32Array[]
  readonly #alive: Uint8Array
  readonly #madeSequence: Float64Array
  #count = 0

  constructor(
    target: TableBuilder,
    log: TableBuilder,
    targetKeys: Int32Array,
    logKeys: Int32Array,
    keys: number,
    sequence: Float64Array,
  ) {
    this.#target = target
    this.#log = log
    this.#targetKeys = targetKeys
    this.#logKeys = logKeys
    this.#sequence = sequence
    this.#latest = new Int32Array(keys).fill(absent)
    this.#changed = new Uint8Array(keys)
    // The operation is no field of the table, even if that has one of its name.
    this.#from = target.fields.map((field) => Math.max(0, log.columnOf(field)) || absent)
    this.#made = target.fields.map(() => new Uint32Array(log.rows))
    this.#alive = new Uint8Array(log.rows)
    this.#madeSequence = new Float64Array(log.rows)
    for (let row = 0; row < targetKeys.length; row++) {
      const key = targetKeys[row]!
      if (key < 0) continue
      const before = this.#latest[key]!
      if (before === absent || sequence[row]! >= sequence[before]!) this.#latest[key] = row
    }
  }

  change(row: number, operation: Operation, sequence: number): void {
    const key = this.#logKeys[row]!
    const before = key < 0 ? absent : this.#latest[key]!
    if (before !== absent && this.#sequenceOf(before) > sequence) return
    const { rows } = this.#target
    if (key >= 0) this.#changed[key] = 1
    if (before >= rows) this.#alive[before - rows] = 0
    if (operation === 'delete') {
      if (key >= 0) this.#latest[key] = absent
      return
    }
    const made = this.#make(row, operation === 'update' ? before : absent)
    this.#madeSequence[made] = sequence
    if (key >= 0) this.#latest[key] = rows + made
  }

  /** Leaves the newest rows in the table. */
  store(): void {
    const target = this.#target
    const keep = new Uint8Array(target.rows)
    for (let row = 0; row < keep.length; row++) {
      const key = this.#targetKeys[row]!
      keep[row] = key < 0 || this.#changed[key] === 0 ? 1 : 0
    }
    if (keep.includes(0)) target.retainRows(keep)
    let count = 0
    for (let row = 0; row < this.#count; row++) {
      if (this.#alive[row] === 0) continue
      for (const codes of this.#made) codes[count] = codes[row]!
      count += 1
    }
    target.appendCodes(this.#made, count)
  }

  /** A row of the log; what the log does not name is that of another row. */
  #make(row: number, other: number): number {
    const made = this.#count++
    for (const [column, codes] of this.#made.entries()) {
      const from = this.#from[column]!
      codes[made] = from === absent ? this.#codeAt(column, other) : this.#log.codeAt(from, row)
    }
    this.#alive[made] = 1
    return made
  }

  #codeAt(column: number, row: number): number {
    if (row === absent) return 0
    const { rows } = this.#target
    return row < rows ? this.#target.codeAt(column, row) : this.#made[column]![row - rows]!
  }

  #sequenceOf(row: number): number {
    const { rows } = this.#target
    return row < rows ? this.#sequence[row]! : this.#madeSequence[row - rows]!
  }
}
