import { LichenError } from '../../base/errors.ts'
import type { TableBuilder } from '../../storage/table-builder.ts'
import { StatementError } from '../row-expression.ts'
import { listOf, type RunState } from '../run-state.ts'
import { prefixOf } from '../stage-of-load.ts'
import type { LoadStatement, Name } from '../statement.ts'

/** The table the rows of a LOAD go to, once it is known. */
export interface Destination {
  table: TableBuilder | undefined
}

export function targetOf(name: Name | undefined, prefix: string, state: RunState): TableBuilder {
  if (name === undefined) {
    const last = state.lastTable
    if (last === undefined || state.space.tables.get(last.name) !== last)
      throw new LichenError(
        'table-not-found',
        `${prefix} has no table to go to; name one: ${prefix} (table)`,
      )
    return last
  }
  const table = state.space.tables.get(name.text)
  if (table === undefined)
    throw new StatementError(
      'table-not-found',
      `${prefix}: there is no table "${name.text}"; tables so far: ${listOf(state.space.tables.keys())}`,
      name.span,
    )
  return table
}

/** A LOAD that gives exactly the fields of an earlier table is appended to it. */
export function sameFields(fields: readonly string[], state: RunState): TableBuilder | undefined {
  const wanted = new Set(fields)
  for (const table of state.space.tables.values()) {
    if (table.fields.length === wanted.size && table.fields.every((field) => wanted.has(field)))
      return table
  }
  return undefined
}

/**
 * A REPLACE LOAD begins with a DROP TABLE: of the table it would have been appended to, and of the one with its label. The result is
 * the name of the new table.
 * Source: https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/Scripting/ScriptPrefixes/Replace.htm
 */
export function dropReplaced(
  top: LoadStatement,
  found: TableBuilder | undefined,
  name: string,
  state: RunState,
): string {
  const kept = top.label === undefined ? (found?.name ?? name) : name
  for (const table of new Set([found?.name, name])) {
    if (table === undefined || !state.space.tables.has(table)) continue
    if (top.source.kind === 'resident' && top.source.table.text === table)
      throw new StatementError(
        'table-not-found',
        `REPLACE drops table "${table}" before it could be read; load it into another table first`,
        top.source.table.span,
      )
    state.space.dropTable(table)
    state.lineage.dropTable(table)
  }
  return kept
}

/** GENERIC makes a table of its own for each attribute, but for ADD, and for further files. */
export function genericTable(
  name: string,
  fields: readonly string[],
  top: LoadStatement,
  more: boolean,
  state: RunState,
): TableBuilder {
  const known = state.space.tables.get(name)
  if (
    known !== undefined &&
    prefixOf(top, 'add') !== undefined &&
    sameFields(fields, state) === known
  )
    return known
  if (prefixOf(top, 'replace') !== undefined && !more) state.space.dropTable(name)
  return createTable(name, fields, state)
}

export function createTable(
  wanted: string,
  fields: readonly string[],
  state: RunState,
): TableBuilder {
  let name = wanted
  for (let i = 1; state.space.tables.has(name); i++) name = `${wanted}-${i}`
  return state.space.createTable(name, fields)
}

/** INLINE01, AUTOGENERATE02 …; other names stay. */
export function numbered(name: string, state: RunState): string {
  if (name !== 'INLINE' && name !== 'AUTOGENERATE') return name
  for (let i = 1; ; i++) {
    const candidate = `${name}${String(i).padStart(2, '0')}`
    if (!state.space.tables.has(candidate)) return candidate
  }
}
