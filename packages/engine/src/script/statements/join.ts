import { LichenError } from '../../base/errors.ts'
import type { TableBuilder } from '../../storage/table-builder.ts'
import { codesOf, KeyNumbers, replaceRows } from '../row-codes.ts'
import type { JoinSide } from '../statement.ts'

/**
 * Joins `added` into `target` over all fields of equal name; NULL keys match nothing. Rows of the target keep their order, each
 * followed by its further matches; unmatched added rows come last.
 * Source: https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/Scripting/ScriptPrefixes/Join.htm
 * @throws LichenError `budget-exceeded` when the result would pass `maxRows`
 */
export function joinTables(
  target: TableBuilder,
  added: TableBuilder,
  side: JoinSide,
  maxRows: number,
): void {
  const shared = target.fields.filter((field) => added.columnOf(field) >= 0)
  const pairs = matchRows(target, added, shared, side, maxRows)
  const rows = pairs.left.length
  const joined = target.fields.map((field, column) => {
    const codes = codesOf(target, column)
    const other = added.columnOf(field)
    return pick(codes, pairs.left, other < 0 ? undefined : codesOf(added, other), pairs.right)
  })
  for (const [column, field] of added.fields.entries()) {
    if (shared.includes(field)) continue
    joined.push(pick(codesOf(added, column), pairs.right, undefined, pairs.left))
  }
  for (const field of added.fields) if (!shared.includes(field)) target.addField(field)
  replaceRows(target, joined, rows)
}

/** Code of row `rows[i]`, or of `others[i]` where that is -1. */
function pick(
  codes: Uint32Array,
  rows: Int32Array,
  fallback: Uint32Array | undefined,
  others: Int32Array,
): Uint32Array {
  const out = new Uint32Array(rows.length)
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!
    if (row >= 0) out[i] = codes[row]!
    else if (fallback !== undefined && others[i]! >= 0) out[i] = fallback[others[i]!]!
  }
  return out
}

interface RowPairs {
  /** Row of the target, or -1. */
  readonly left: Int32Array
  /** Row of the added table, or -1. */
  readonly right: Int32Array
}

function matchRows(
  target: TableBuilder,
  added: TableBuilder,
  shared: readonly string[],
  side: JoinSide,
  maxRows: number,
): RowPairs {
  const chains = chainsOf(target, added, shared)
  const left = new GrowingRows(maxRows)
  const right = new GrowingRows(maxRows)
  const matched = new Uint8Array(added.rows)
  for (let row = 0; row < target.rows; row++) {
    const key = chains.keys[row]!
    let match = key < 0 ? -1 : chains.first[key]!
    if (match < 0 && (side === 'outer' || side === 'left')) {
      left.push(row)
      right.push(-1)
    }
    for (; match >= 0; match = chains.next[match]!) {
      left.push(row)
      right.push(match)
      matched[match] = 1
    }
  }
  if (side === 'outer' || side === 'right') {
    for (let row = 0; row < added.rows; row++) {
      if (matched[row] === 1) continue
      left.push(-1)
      right.push(row)
    }
  }
  return { left: left.take(), right: right.take() }
}

/** Per key, the added rows that have it, ascending; `keys` are those of the target's rows. */
function chainsOf(
  target: TableBuilder,
  added: TableBuilder,
  shared: readonly string[],
): { keys: Int32Array; first: Int32Array; next: Int32Array } {
  const numbers = new KeyNumbers(shared.length)
  const addedKeys = numbers.number(
    shared.map((field) => codesOf(added, added.columnOf(field))),
    added.rows,
    true,
    true,
  )
  const keys = numbers.number(
    shared.map((field) => codesOf(target, target.columnOf(field))),
    target.rows,
    true,
    false,
  )
  const first = new Int32Array(Math.max(1, numbers.count)).fill(-1)
  const next = new Int32Array(added.rows).fill(-1)
  for (let row = added.rows - 1; row >= 0; row--) {
    const key = addedKeys[row]!
    if (key < 0) continue
    next[row] = first[key]!
    first[key] = row
  }
  return { keys, first, next }
}

class GrowingRows {
  #rows = new Int32Array(1024)
  #count = 0
  readonly #maxRows: number

  constructor(maxRows: number) {
    this.#maxRows = maxRows
  }

  push(row: number): void {
    if (this.#count === this.#rows.length) {
      const grown = new Int32Array(this.#count * 2)
      grown.set(this.#rows)
      this.#rows = grown
    }
    if (this.#count >= this.#maxRows)
      throw new LichenError(
        'budget-exceeded',
        `The join would give more than ${this.#maxRows} rows; join over more fields or raise maxRows`,
      )
    this.#rows[this.#count++] = row
  }

  take(): Int32Array {
    return this.#rows.subarray(0, this.#count)
  }
}
