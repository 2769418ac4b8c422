import { LichenError } from '../../base/errors.ts'
import { TableBuilder } from '../../storage/table-builder.ts'
import { distinctStage } from '../distinct-stage.ts'
import { askForFiles } from '../files-of-load.ts'
import { inCase } from '../letter-case.ts'
import { carriedOver, type Origins, originsOfSource } from '../lineage.ts'
import { distinctRows } from '../row-codes.ts'
import { StatementError } from '../row-expression.ts'
import { listOf, noRecord, type RunState } from '../run-state.ts'
import {
  autogenerateSource,
  fileSources,
  inlineSource,
  type NamedSource,
  residentSource,
} from '../sources.ts'
import type { StageSource } from '../stage.ts'
import { prefixOf, stageOf, wholeNumber } from '../stage-of-load.ts'
import type { Fragment, LoadStatement, Name } from '../statement.ts'
import { TableSink } from '../table-sink.ts'
import { crosstable } from './crosstable.ts'
import { genericTables } from './generic.ts'
import { hierarchy, hierarchyBelongsTo } from './hierarchy.ts'
import { intervalMatch } from './interval-match.ts'
import { joinTables } from './join.ts'
import { keepMatching } from './keep.ts'
import { loadMapping } from './mapping.ts'

/**
 * Carries out a LOAD with the LOADs it reads from: `stack[0]` is the topmost, the last one has a source of its own. What was stored
 * is taken back when it fails. `blame` is told the index of the LOAD an error belongs to.
 */
export async function executeLoad(
  stack: readonly LoadStatement[],
  state: RunState,
  blame: (load: number) => void,
): Promise<void> {
  const [top] = stack
  const bottom = stack[stack.length - 1]
  if (top === undefined || bottom === undefined) return
  for (const [index, lower] of stack.entries()) {
    if (index === 0) continue
    blame(index)
    const odd = lower.prefixes.find((prefix) => prefix.kind !== 'first' && prefix.kind !== 'sample')
    if (odd !== undefined)
      throw new StatementError(
        'script-syntax',
        'Only the topmost of stacked LOADs may have this prefix',
        odd.span,
      )
  }
  try {
    for (const [index, load] of stack.entries()) {
      blame(index)
      await askForFiles(load, state)
    }
    blame(stack.length - 1)
    for (const source of await sourcesOf(bottom, state)) {
      state.files.current = source.file
      await loadFrom(top, stack, source, state, blame)
      state.newTable = undefined
    }
  } finally {
    state.files.current = undefined
    state.newTable = undefined
    state.record = noRecord
    state.loading = undefined
  }
}

async function sourcesOf(load: LoadStatement, state: RunState): Promise<readonly NamedSource[]> {
  const { source } = load
  if (load.orderBy.length > 0 && source.kind !== 'resident')
    throw new LichenError(
      'script-failed',
      'ORDER BY is possible only for RESIDENT; load first, then sort in a second LOAD',
    )
  switch (source.kind) {
    case 'from':
      return fileSources(source.path.text, source.clause, state)
    case 'inline':
      return [inlineSource(source.data.text, source.clause, state)]
    case 'resident': {
      const table = state.space.tables.get(source.table.text)
      if (table === undefined)
        throw new StatementError(
          'table-not-found',
          `There is no table "${source.table.text}"; tables so far: ${listOf(state.space.tables.keys())}`,
          source.table.span,
        )
      const resident = residentSource(
        table,
        load.orderBy.map(({ field, descending }) => ({ field: fieldName(field), descending })),
      )
      const origins = state.lineage.ofTable(table.name, resident.source.fields)
      return [{ ...resident, source: { ...resident.source, origins } }]
    }
    case 'autogenerate':
      return [autogenerateSource(wholeNumber(source.rows, 'AUTOGENERATE', state))]
    case 'preceding':
      throw new LichenError(
        'script-syntax',
        'This LOAD has no source, and no LOAD follows that it could read',
      )
  }
}

function fieldName({ text }: Fragment): string {
  return /^["[`]/.test(text) ? text.slice(1, -1) : text
}

async function loadFrom(
  top: LoadStatement,
  stack: readonly LoadStatement[],
  named: NamedSource,
  state: RunState,
  blame: (load: number) => void,
): Promise<void> {
  let stored = (): number => 0
  let stage = withOrigins(named.source, () => originsOfSource(named.name, named.source.fields))
  for (let i = stack.length - 1; i >= 0; i--) {
    const load = stack[i]
    if (load === undefined) continue
    blame(i)
    stage = blamed(stageOf(load, stage, i === 0 ? () => stored() : undefined, state), () =>
      blame(i),
    )
    if (load.distinct && i > 0) stage = distinctStage(stage, state)
  }
  const plain = stage
  stage = withOrigins(await transformed(plain, top, state), (fields) => carriedOver(plain, fields))
  if (state.letterCase !== undefined) stage = inCase(stage, state.letterCase, state)
  const baseName = top.label?.text ?? numbered(named.name, state)
  if (prefixOf(top, 'mapping') !== undefined) {
    await loadMapping(stage, baseName, state)
    state.lineage.addMap(baseName, stage)
    return
  }
  if (prefixOf(top, 'generic') !== undefined) {
    for (const { attribute, source: values } of await genericTables(stage, state)) {
      const source = withOrigins(values, (fields) => carriedOver(stage, fields))
      const table = createTable(`${baseName}.${attribute}`, source.fields, state)
      await fill(table, source, false, named.name, state)
    }
    return
  }
  const source = qualified(stage, baseName, state)
  const join = prefixOf(top, 'join')
  const keep = prefixOf(top, 'keep')
  const partner = join ?? keep
  const earlier =
    partner === undefined ? undefined : targetOf(partner.table, partner.kind.toUpperCase(), state)
  if (join !== undefined && earlier !== undefined) {
    const added = new TableBuilder(state.space, earlier.name, source.fields)
    stored = () => added.rows
    try {
      await fill(added, source, top.distinct, named.name, state)
      joinTables(earlier, added, join.side, state.maxRows)
    } finally {
      added.release()
    }
    if (top.distinct) earlier.retainRows(distinctRows(earlier))
    state.lastTable = earlier
    return
  }
  const concatenate = prefixOf(top, 'concatenate')
  const existing =
    concatenate === undefined
      ? keep === undefined && prefixOf(top, 'noconcatenate') === undefined
        ? sameFields(source.fields, state)
        : undefined
      : targetOf(concatenate.table, 'CONCATENATE', state)
  const table = existing ?? createTable(baseName, source.fields, state)
  if (existing === undefined) state.newTable = table
  stored = () => table.rows
  const before = table.rows
  try {
    await fill(table, source, top.distinct, named.name, state)
    if (keep !== undefined && earlier !== undefined) keepMatching(earlier, table, keep.side)
  } catch (cause) {
    if (existing === undefined) state.space.dropTable(table.name)
    else table.retainRows(new Uint8Array(table.rows).fill(1, 0, before))
    throw cause
  }
  state.lastTable = table
}

/** A source that does not tell where its values come from gets the origins given. */
function withOrigins(
  source: StageSource,
  origins: (fields: readonly string[]) => readonly Origins[],
): StageSource {
  return source.origins === undefined ? { ...source, origins: origins(source.fields) } : source
}

const told = new WeakSet<object>()

/** Errors pass the stages from below; the first to see one is to blame. */
function blamed(stage: StageSource, blame: () => void): StageSource {
  return {
    ...stage,
    async *batches(wanted) {
      try {
        yield* stage.batches(wanted)
      } catch (cause) {
        if (cause instanceof StatementError && !told.has(cause)) {
          told.add(cause)
          blame()
        }
        throw cause
      }
    },
  }
}

async function transformed(
  stage: StageSource,
  load: LoadStatement,
  state: RunState,
): Promise<StageSource> {
  const cross = prefixOf(load, 'crosstable')
  if (cross !== undefined)
    return crosstable(stage, cross.attribute.text, cross.data.text, cross.qualifiers, state)
  const tree = prefixOf(load, 'hierarchy')
  if (tree !== undefined) return hierarchy(stage, tree, state)
  const belongs = prefixOf(load, 'hierarchy-belongs-to')
  if (belongs !== undefined) return hierarchyBelongsTo(stage, belongs, state)
  const interval = prefixOf(load, 'intervalmatch')
  if (interval === undefined) return stage
  return intervalMatch(
    stage,
    interval.field.text,
    interval.keys.map((key) => key.text),
    state,
  )
}

function targetOf(name: Name | undefined, prefix: string, state: RunState): TableBuilder {
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
function sameFields(fields: readonly string[], state: RunState): TableBuilder | undefined {
  const wanted = new Set(fields)
  for (const table of state.space.tables.values()) {
    if (table.fields.length === wanted.size && table.fields.every((field) => wanted.has(field)))
      return table
  }
  return undefined
}

function createTable(wanted: string, fields: readonly string[], state: RunState): TableBuilder {
  let name = wanted
  for (let i = 1; state.space.tables.has(name); i++) name = `${wanted}-${i}`
  return state.space.createTable(name, fields)
}

/** INLINE01, AUTOGENERATE02 …; other names stay. */
function numbered(name: string, state: RunState): string {
  if (name !== 'INLINE' && name !== 'AUTOGENERATE') return name
  for (let i = 1; ; i++) {
    const candidate = `${name}${String(i).padStart(2, '0')}`
    if (!state.space.tables.has(candidate)) return candidate
  }
}

function qualified(source: StageSource, table: string, state: RunState): StageSource {
  if (state.qualified.empty) return source
  return {
    ...source,
    fields: source.fields.map((field) =>
      state.qualified.holds(field) ? `${table}.${field}` : field,
    ),
  }
}

async function fill(
  table: TableBuilder,
  source: StageSource,
  distinct: boolean,
  from: string,
  state: RunState,
): Promise<void> {
  const sink = new TableSink(table, source.fields, state, source.formats)
  const before = table.rows
  state.loading = table
  for await (const batch of source.batches([...source.fields.keys()])) {
    state.checkTime()
    sink.append(batch)
    if (batch.rows > 1)
      state.report('load', fetched(table.name, from, table.rows - before), table.rows, table.name)
  }
  if (distinct) table.retainRows(distinctRows(table))
  state.journal.rows += table.rows - before
  state.lineage.add(table.name, source)
  const line = fetched(table.name, from, table.rows - before)
  state.log.push(line)
  state.report('load', line, table.rows, table.name)
  state.lastTable = table
}

function fetched(table: string, from: string, rows: number): string {
  return `${table} << ${from} ${String(rows).replace(/\B(?=(\d{3})+$)/g, ',')} Lines fetched`
}
