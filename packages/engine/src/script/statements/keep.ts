import type { TableBuilder } from '../../storage/table-builder.ts'
import { codesOf, KeyNumbers } from '../row-codes.ts'
import type { JoinSide } from '../statement.ts'

/**
 * Drops the rows a join would not match, from both tables (inner), the added one (left) or the earlier one (right); the tables stay apart.
 * Source: https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/Scripting/ScriptPrefixes/Keep.htm
 */
export function keepMatching(earlier: TableBuilder, added: TableBuilder, side: JoinSide): void {
  if (side === 'outer') return
  const shared = earlier.fields.filter((field) => added.columnOf(field) >= 0)
  const keepAdded = side === 'right' ? undefined : matching(added, earlier, shared)
  const keepEarlier = side === 'left' ? undefined : matching(earlier, added, shared)
  if (keepAdded !== undefined) added.retainRows(keepAdded)
  if (keepEarlier !== undefined) earlier.retainRows(keepEarlier)
}

/** 1 for each row of `table` whose key occurs in `other`. Without shared fields every row matches, unless `other` is empty. */
function matching(table: TableBuilder, other: TableBuilder, shared: readonly string[]): Uint8Array {
  const numbers = new KeyNumbers(shared.length)
  const found = numbers.number(
    shared.map((field) => codesOf(other, other.columnOf(field))),
    other.rows,
    true,
    true,
  )
  const keys = numbers.number(
    shared.map((field) => codesOf(table, table.columnOf(field))),
    table.rows,
    true,
    false,
  )
  if (shared.length === 0) return new Uint8Array(table.rows).fill(found.length > 0 ? 1 : 0)
  return Uint8Array.from(keys, (key) => (key < 0 ? 0 : 1))
}
