import { textOf } from '../../value/text-of.ts'
import { isListed } from '../field-patterns.ts'
import type { MappingTable } from '../mapping-table.ts'
import { StatementError } from '../row-expression.ts'
import { listOf, type RunState } from '../run-state.ts'
import type { Name, Pair, StatementOf } from '../statement.ts'

export function dropTables({ tables }: StatementOf<'drop-tables'>, state: RunState): void {
  for (const { text, span } of tables) {
    if (state.spaceWith(text).dropTable(text)) state.log.push(`Dropped table ${text}`)
    else
      throw new StatementError(
        'table-not-found',
        `There is no table "${text}"; tables so far: ${listOf(state.space.tables.keys())}`,
        span,
      )
    state.tableComments.delete(text)
    state.loosened.delete(text)
    state.lineage.dropTable(text)
    state.wildcards.dropTable(text)
  }
}

export function dropFields({ fields, tables }: StatementOf<'drop-fields'>, state: RunState): void {
  for (const { text, span } of tables)
    if (!state.space.tables.has(text))
      throw new StatementError('table-not-found', `There is no table "${text}"`, span)
  for (const { text, span } of fields) {
    const dropped =
      tables.length === 0
        ? state.space.dropField(text)
        : state.space.dropField(
            text,
            tables.map((table) => table.text),
          )
    if (!dropped)
      throw new StatementError(
        'field-not-found',
        `There is no field "${text}"${tables.length === 0 ? '' : ' in the tables named'}; fields so far: ${listOf(state.space.fields())}`,
        span,
      )
  }
  for (const table of [...state.space.tables.values()])
    if (table.fields.length === 0) state.space.dropTable(table.name)
}

export function rename(statement: StatementOf<'rename'>, state: RunState): void {
  const pairs =
    statement.using === undefined
      ? statement.pairs
      : pairsOfMap(statement.using, statement.what, state)
  const targets = new Set<string>()
  for (const { to } of pairs) {
    if (targets.has(to.text))
      throw new StatementError(
        'script-failed',
        `Two ${statement.what}s cannot both be renamed to "${to.text}"`,
        to.span,
      )
    targets.add(to.text)
  }
  for (const { from, to } of pairs) {
    if (statement.what === 'table') {
      state.space.renameTable(from.text, to.text)
      state.lineage.renameTable(from.text, to.text)
      state.wildcards.renameTable(from.text, to.text)
    } else {
      state.space.renameField(from.text, to.text)
      state.lineage.renameField(from.text, to.text)
      state.wildcards.renameField(from.text, to.text)
    }
  }
}

/** The entries of a map that name a field or table there is. */
function pairsOfMap(using: Name, what: 'field' | 'table', state: RunState): Pair[] {
  const known = what === 'table' ? [...state.space.tables.keys()] : state.space.fields()
  return known.flatMap((name) => {
    const { found, value } = mapNamed(using, state).find(name)
    const text = textOf(value, state.space.settings)
    if (!found || text === null || text === name) return []
    return [{ from: { ...using, text: name }, to: { ...using, text } }]
  })
}

export function mapNamed(using: Name, state: RunState): MappingTable {
  const map = state.maps.get(using.text)
  if (map === undefined)
    throw new StatementError(
      'table-not-found',
      `There is no mapping table "${using.text}"; load it with MAPPING LOAD before`,
      using.span,
    )
  return map
}

export function mapUsing({ fields, using }: StatementOf<'map'>, state: RunState): void {
  mapNamed(using, state)
  state.mapRules = [{ field: (name) => isListed(name, fields), map: using.text }, ...state.mapRules]
}

export function unmap({ fields }: StatementOf<'unmap'>, state: RunState): void {
  state.mapRules = [{ field: (name) => isListed(name, fields), map: undefined }, ...state.mapRules]
}

export function tag(statement: StatementOf<'tag' | 'untag'>, state: RunState): void {
  const entries =
    statement.using === undefined
      ? statement.fields.map((field) => [field.text, statement.tag] as const)
      : mapNamed(statement.using, state).entries.map(
          ([field, text]) =>
            [
              textOf(field, state.space.settings) ?? '',
              textOf(text, state.space.settings) ?? '',
            ] as const,
        )
  for (const [field, text] of entries) {
    const tags = state.tags.get(field) ?? new Set()
    state.tags.set(field, tags)
    if (statement.kind === 'tag') tags.add(text)
    else tags.delete(text)
  }
}

export function comment(statement: StatementOf<'comment'>, state: RunState): void {
  const comments = statement.what === 'table' ? state.tableComments : state.fieldComments
  for (const { from, to } of statement.pairs) comments.set(from.text, to.text)
  if (statement.using === undefined) return
  for (const [name, text] of mapNamed(statement.using, state).entries)
    comments.set(textOf(name, state.space.settings) ?? '', textOf(text, state.space.settings) ?? '')
}

export function loosen({ tables }: StatementOf<'loosen'>, state: RunState): void {
  for (const { text, span } of tables) {
    if (!state.space.tables.has(text))
      throw new StatementError('table-not-found', `There is no table "${text}"`, span)
    state.loosened.add(text)
  }
}

export function alias({ pairs }: StatementOf<'alias'>, state: RunState): void {
  for (const { from, to } of pairs) state.aliases.set(from.text, to.text)
}
