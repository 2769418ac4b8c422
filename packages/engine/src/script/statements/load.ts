import { LichenError } from '../../base/errors.ts'
import { TableBuilder } from '../../storage/table-builder.ts'
import { numberOf } from '../../value/dual.ts'
import { groupedStage, isGrouped } from '../aggregation-in-script.ts'
import {
  compileFields,
  compileRow,
  ExtraSlots,
  type ParsedOutput,
  parsed,
} from '../compile-expression.ts'
import { distinctStage } from '../distinct-stage.ts'
import { formatsOf } from '../field-format.ts'
import { askForFiles } from '../files-of-load.ts'
import { evaluateOnce } from '../language.ts'
import { inCase } from '../letter-case.ts'
import { loadStage } from '../load-stage.ts'
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
import type { Fragment, LoadStatement, Name, Prefix } from '../statement.ts'
import { TableSink } from '../table-sink.ts'
import { hasWindows, windowStage } from '../window-in-script.ts'
import { crosstable } from './crosstable.ts'
import { genericTables } from './generic.ts'
import { hierarchy, hierarchyBelongsTo } from './hierarchy.ts'
import { intervalMatch } from './interval-match.ts'
import { joinTables } from './join.ts'
import { keepMatching } from './keep.ts'
import { loadMapping } from './mapping.ts'

type PrefixOf<Kind extends Prefix['kind']> = Prefix & { readonly kind: Kind }

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
      return [
        residentSource(
          table,
          load.orderBy.map(({ field, descending }) => ({ field: fieldName(field), descending })),
        ),
      ]
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

function wholeNumber(fragment: Fragment, what: string, state: RunState): number {
  const number = numberOf(evaluateOnce(fragment, state))
  if (!(number >= 0))
    throw new StatementError('script-failed', `${what} needs a number, not negative`, fragment.span)
  return Math.floor(number)
}

async function loadFrom(
  top: LoadStatement,
  stack: readonly LoadStatement[],
  named: NamedSource,
  state: RunState,
  blame: (load: number) => void,
): Promise<void> {
  let stored = (): number => 0
  let stage = named.source
  for (let i = stack.length - 1; i >= 0; i--) {
    const load = stack[i]
    if (load === undefined) continue
    blame(i)
    stage = blamed(stageOf(load, stage, i === 0 ? () => stored() : undefined, state), () =>
      blame(i),
    )
    if (load.distinct && i > 0) stage = distinctStage(stage, state)
  }
  stage = await transformed(stage, top, state)
  if (state.letterCase !== undefined) stage = inCase(stage, state.letterCase, state)
  const baseName = top.label?.text ?? numbered(named.name, state)
  if (prefixOf(top, 'mapping') !== undefined) {
    await loadMapping(stage, baseName, state)
    return
  }
  if (prefixOf(top, 'generic') !== undefined) {
    for (const { attribute, source } of await genericTables(stage, state)) {
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

/** WHERE, fields, GROUP BY of one LOAD over what lies below it. */
function stageOf(
  load: LoadStatement,
  source: StageSource,
  rowsStored: (() => number) | undefined,
  state: RunState,
): StageSource {
  const outputs = compileFields(
    load.fields,
    source.fields,
    rowsStored === undefined ? new Map() : state.aliases,
  )
  return {
    ...stageOfOutputs(load, source, outputs, rowsStored, state),
    formats: formatsOf(outputs, source, state.space.settings),
  }
}

function stageOfOutputs(
  load: LoadStatement,
  source: StageSource,
  outputs: readonly ParsedOutput[],
  rowsStored: (() => number) | undefined,
  state: RunState,
): StageSource {
  const first = prefixOf(load, 'first')
  const sample = prefixOf(load, 'sample')
  const extras = new ExtraSlots()
  const plan = {
    source,
    where:
      load.where === undefined
        ? undefined
        : compileRow(parsed(load.where), source.fields, extras, state),
    while:
      load.while === undefined
        ? undefined
        : compileRow(parsed(load.while), source.fields, extras, state),
    first: first === undefined ? undefined : wholeNumber(first.amount, 'FIRST', state),
    sample: sample === undefined ? undefined : numberOf(evaluateOnce(sample.amount, state)),
    rowsStored,
  }
  if (hasWindows(outputs)) {
    if (load.groupBy.length > 0)
      throw new LichenError(
        'script-failed',
        'Window() and GROUP BY cannot stand in one LOAD; put one of them in a preceding LOAD',
      )
    return windowStage(plan, outputs, state)
  }
  if (load.groupBy.length > 0 || isGrouped(outputs))
    return groupedStage(plan, outputs, load.groupBy, state)
  return loadStage(
    {
      ...plan,
      outputs: outputs.map((output) => ({
        name: output.name,
        expression: compileRow(output, source.fields, extras, state),
      })),
    },
    state,
  )
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

function prefixOf<Kind extends Prefix['kind']>(
  load: LoadStatement,
  kind: Kind,
): PrefixOf<Kind> | undefined {
  return load.prefixes.find((prefix): prefix is PrefixOf<Kind> => prefix.kind === kind)
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
  const line = fetched(table.name, from, table.rows - before)
  state.log.push(line)
  state.report('load', line, table.rows, table.name)
  state.lastTable = table
}

function fetched(table: string, from: string, rows: number): string {
  return `${table} << ${from} ${String(rows).replace(/\B(?=(\d{3})+$)/g, ',')} Lines fetched`
}
