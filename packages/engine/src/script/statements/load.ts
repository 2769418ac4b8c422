import { LichenError } from '../../base/errors.ts'
import { TableBuilder } from '../../storage/table-builder.ts'
import { loadInDirectory } from '../directory.ts'
import { distinctStage } from '../distinct-stage.ts'
import { fieldSource } from '../field-source.ts'
import { askForFiles, fieldsAsked } from '../files-of-load.ts'
import { inlineSource } from '../inline-source.ts'
import { inCase } from '../letter-case.ts'
import { carriedOver, type Origins, originsOfSource } from '../lineage.ts'
import { noteWildcards } from '../link-wildcards.ts'
import { distinctRows } from '../row-codes.ts'
import { StatementError } from '../row-expression.ts'
import { listOf, noRecord, type RunState } from '../run-state.ts'
import { autogenerateSource, fileSources, type NamedSource, residentSource } from '../sources.ts'
import type { StageSource } from '../stage.ts'
import { prefixOf, stageOf, wholeNumber } from '../stage-of-load.ts'
import type { Fragment, LetterCase, LoadStatement, Name } from '../statement.ts'
import { TableSink } from '../table-sink.ts'
import { UnreadFiles } from '../unread-files.ts'
import { bufferedResult } from './buffer.ts'
import { crosstable } from './crosstable.ts'
import {
  createTable,
  type Destination,
  dropReplaced,
  genericTable,
  numbered,
  sameFields,
  targetOf,
} from './destination.ts'
import { genericTables } from './generic.ts'
import { hierarchy, hierarchyBelongsTo } from './hierarchy.ts'
import { intervalMatch } from './interval-match.ts'
import { joinTables } from './join.ts'
import { keepMatching } from './keep.ts'
import { loadMapping } from './mapping.ts'
import { mergeTables } from './merge.ts'
import { sqlSources } from './select.ts'

/**
 * Carries out a LOAD with the LOADs it reads from: `stack[0]` is the topmost, the last one has a source of its own. What was stored
 * is taken back when it fails. `blame` is told the index of the LOAD an error belongs to.
 */
export async function executeLoad(
  written: readonly LoadStatement[],
  state: RunState,
  blame: (load: number) => void,
): Promise<void> {
  const stack = written.map((load) => loadInDirectory(load, state))
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
  const unread = new UnreadFiles()
  try {
    for (const [index, load] of stack.entries()) {
      blame(index)
      await askForFiles(load, state)
    }
    blame(stack.length - 1)
    const sources = async (): Promise<readonly NamedSource[]> => {
      const found = await sourcesOf(bottom, state)
      if (found.length === 0 && stack.length > 1)
        throw new LichenError('script-failed', 'The statement has no result for the LOAD above it')
      return bottom.source.kind === 'from' ? found.map((source) => unread.watch(source)) : found
    }
    const result = (source: NamedSource, destination: Destination): StageSource => {
      state.files.current = source.file
      return resultOf(stack, source, destination, state, blame)
    }
    const buffered = await bufferedResult(stack, sources, result, state)
    if (buffered !== undefined) {
      try {
        await storeResult(top, buffered, { table: undefined }, false, state)
      } finally {
        buffered.release()
      }
      return
    }
    for (const [index, source] of (await sources()).entries()) {
      const destination: Destination = { table: undefined }
      await storeResult(
        top,
        { ...source, source: result(source, destination) },
        destination,
        index > 0,
        state,
      )
      state.newTable = undefined
    }
  } finally {
    await unread.close()
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
      return fileSources(source.path.text, { ...source.clause, asked: fieldsAsked(load) }, state)
    case 'inline':
      return [inlineSource(source.data.text, source.clause, state)]
    case 'resident': {
      const table = tableNamed(source.table, state)
      const resident = residentSource(
        table,
        load.orderBy.map(({ field, descending }) => ({ field: fieldName(field), descending })),
      )
      const origins = state.lineage.ofTable(table.name, resident.source.fields)
      return [{ ...resident, source: { ...resident.source, origins } }]
    }
    case 'from-field': {
      const table = tableNamed(source.table, state)
      const found = await fieldSource(table, source.field.text, source.clause, state)
      const [origin = []] = state.lineage.ofTable(table.name, [source.field.text])
      const origins = found.source.fields.map(() => origin)
      return [{ ...found, source: { ...found.source, origins } }]
    }
    case 'extension':
      throw new StatementError(
        'script-failed',
        'EXTENSION calls a function of another server, and this engine has none; load its result from a file or a connection',
        source.span,
      )
    case 'autogenerate':
      return [autogenerateSource(wholeNumber(source.rows, 'AUTOGENERATE', state))]
    case 'sql':
      return sqlSources(source, state)
    case 'preceding':
      throw new LichenError(
        'script-syntax',
        'This LOAD has no source, and no LOAD follows that it could read',
      )
  }
}

function tableNamed({ text, span }: Name, state: RunState): TableBuilder {
  const table = state.spaceWith(text).tables.get(text)
  if (table === undefined)
    throw new StatementError(
      'table-not-found',
      `There is no table "${text}"; tables so far: ${listOf(state.space.tables.keys())}`,
      span,
    )
  return table
}

function fieldName({ text }: Fragment): string {
  return /^["[`]/.test(text) ? text.slice(1, -1) : text
}

/** What the LOADs make of a source. */
function resultOf(
  stack: readonly LoadStatement[],
  named: NamedSource,
  destination: Destination,
  state: RunState,
  blame: (load: number) => void,
): StageSource {
  const stored = (): number => destination.table?.rows ?? 0
  let stage = withOrigins(named.source, () => originsOfSource(named.name, named.source.fields))
  for (let i = stack.length - 1; i >= 0; i--) {
    const load = stack[i]
    if (load === undefined) continue
    blame(i)
    stage = blamed(stageOf(load, stage, i === 0 ? stored : undefined, state), () => blame(i))
    if (load.distinct && i > 0) stage = distinctStage(stage, state)
  }
  return stage
}

/** Puts what the LOADs made where the prefixes of the topmost say; `more` when it is not the first of several files. */
async function storeResult(
  top: LoadStatement,
  named: NamedSource,
  destination: Destination,
  more: boolean,
  state: RunState,
): Promise<void> {
  const plain = named.source
  let stage = withOrigins(await transformed(plain, top, state), (fields) =>
    carriedOver(plain, fields),
  )
  const letterCase = letterCaseOf(top, state)
  if (letterCase !== undefined) stage = inCase(stage, letterCase, state)
  refuseWithMerge(top)
  const baseName = top.label?.text ?? numbered(named.name, state)
  if (prefixOf(top, 'mapping') !== undefined) {
    if (prefixOf(top, 'replace') !== undefined && !more) state.maps.delete(baseName)
    await loadMapping(stage, baseName, state)
    state.lineage.addMap(baseName, stage)
    return
  }
  if (prefixOf(top, 'generic') !== undefined) {
    for (const { attribute, source: values } of await genericTables(stage, state)) {
      const source = withOrigins(values, (fields) => carriedOver(stage, fields))
      const table = genericTable(`${baseName}.${attribute}`, source.fields, top, more, state)
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
    destination.table = added
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
  const merge = prefixOf(top, 'merge')
  const like = merge === undefined ? source.fields : source.fields.slice(1)
  const found =
    concatenate === undefined
      ? keep === undefined && prefixOf(top, 'noconcatenate') === undefined
        ? sameFields(like, state)
        : undefined
      : targetOf(concatenate.table, 'CONCATENATE', state)
  const replaces = prefixOf(top, 'replace') !== undefined && !more
  const name = replaces ? dropReplaced(top, found, baseName, state) : baseName
  const existing = replaces ? undefined : found
  if (merge !== undefined) {
    const log = new TableBuilder(state.space, existing?.name ?? name, source.fields)
    destination.table = log
    try {
      await fill(log, source, top.distinct, named.name, state)
      const table = existing ?? createTable(name, like, state)
      state.lastTable = table
      try {
        mergeTables(table, log, merge, state)
      } catch (cause) {
        if (existing === undefined) state.space.dropTable(table.name)
        throw cause
      }
    } finally {
      log.release()
    }
    return
  }
  const table = existing ?? createTable(name, source.fields, state)
  if (existing === undefined) state.newTable = table
  destination.table = table
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

/** A change log is merged into one table: it cannot be joined, kept, generic or a map as well. @throws StatementError */
function refuseWithMerge(top: LoadStatement): void {
  if (prefixOf(top, 'merge') === undefined) return
  const odd = top.prefixes.find(({ kind }) => /^(?:join|keep|generic|mapping|replace)$/.test(kind))
  if (odd !== undefined)
    throw new StatementError('script-syntax', 'MERGE cannot stand with this prefix', odd.span)
}

/** The access section is in upper case whatever FORCE says; maps are part of no section. */
function letterCaseOf(top: LoadStatement, state: RunState): LetterCase | undefined {
  return state.inAccess && prefixOf(top, 'mapping') === undefined ? 'upper' : state.letterCase
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
  noteWildcards(table.name, source.fields, state)
  const line = fetched(table.name, from, table.rows - before)
  state.log.push(line)
  state.report('load', line, table.rows, table.name)
  state.lastTable = table
}

function fetched(table: string, from: string, rows: number): string {
  return `${table} << ${from} ${String(rows).replace(/\B(?=(\d{3})+$)/g, ',')} Lines fetched`
}
