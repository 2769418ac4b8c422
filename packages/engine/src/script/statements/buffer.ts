import { findAggregation } from '../../aggregation/registry.ts'
import { encodeUtf8 } from '../../base/utf8.ts'
import { callsOf } from '../../expression/visit.ts'
import { mix } from '../../storage/hash.ts'
import { TableBuilder } from '../../storage/table-builder.ts'
import type { KeptBuffer } from '../buffers.ts'
import { fragmentsOf } from '../files-of-load.ts'
import { parseFragment } from '../language.ts'
import type { SourceFile } from '../reader.ts'
import type { RunState } from '../run-state.ts'
import { fileTable, type NamedSource, residentSource } from '../sources.ts'
import type { StageSource } from '../stage.ts'
import { prefixOf } from '../stage-of-load.ts'
import type { LoadStatement } from '../statement.ts'
import { TableSink } from '../table-sink.ts'
import { closeUnread } from '../unread-files.ts'
import type { Destination } from './destination.ts'
import { storedField } from './store.ts'

/** A result to be read until it is released. */
interface BufferedResult extends NamedSource {
  release(): void
}

type ResultOf = (source: NamedSource, destination: Destination) => StageSource

/**
 * BUFFER: what the LOADs made before, unless it is stale; else what they make now, which is kept. With INCREMENTAL a text file that has
 * grown is read from where it ended before, if each record stands for itself in the LOADs. Undefined when there is nothing to buffer: no
 * prefix, no host that keeps buffers, or several files with different fields.
 * Source: https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/Scripting/ScriptPrefixes/Buffer.htm
 */
export async function bufferedResult(
  stack: readonly LoadStatement[],
  open: () => Promise<readonly NamedSource[]>,
  resultOf: ResultOf,
  state: RunState,
): Promise<BufferedResult | undefined> {
  const [top] = stack
  const prefix = top === undefined ? undefined : prefixOf(top, 'buffer')
  const { buffers } = state.options
  if (prefix === undefined || buffers === undefined) return undefined
  const key = keyOf(stack, state)
  const found = await buffers.find(key, state.space.settings)
  const { staleAfter = Number.POSITIVE_INFINITY, incremental } = prefix
  const kept = found !== undefined && state.now() - found.loaded <= staleAfter ? found : undefined
  if (kept !== undefined && (!incremental || (await isUnchanged(stack, kept, state)))) {
    state.log.push(`${kept.name} << buffer`)
    return { name: kept.name, source: keptSource(kept, state), release: () => {} }
  }
  const tail = kept === undefined ? undefined : await appended(stack, kept, resultOf, state)
  const sources = tail === undefined ? await open() : []
  const [first = tail?.named] = sources
  if (first === undefined || sources.some(({ source }) => !sameNames(source, first.source)))
    return undefined
  const table = new TableBuilder(state.space, first.name)
  try {
    let origins: StageSource['origins']
    const collected = async (source: StageSource): Promise<void> => {
      await collect(table, source, state)
      origins = source.origins
    }
    if (kept !== undefined && tail !== undefined) {
      tail.destination.table = table
      await collected(keptSource(kept, state))
      await collected(tail.result)
    }
    for (const source of sources) await collected(resultOf(source, { table }))
    const fields = table.fields.map((field) => storedField(table, field, field, state))
    const { name, rows } = table
    await buffers.store(
      key,
      { name, rows, fields, comment: '', settings: state.space.settings },
      { loaded: state.now(), bytes: sources.length > 1 ? undefined : first.file?.sizeBytes },
      state.cancellation,
    )
    const { source } = residentSource(table, [])
    return {
      name,
      source: origins === undefined ? source : { ...source, origins },
      release: () => table.release(),
    }
  } catch (cause) {
    table.release()
    throw cause
  }
}

function sameNames(
  left: { readonly fields: readonly string[] },
  right: { readonly fields: readonly string[] },
): boolean {
  return (
    left.fields.length === right.fields.length &&
    left.fields.every((field, index) => field === right.fields[index])
  )
}

/** What was appended to a file, and what the LOADs make of it. */
interface Tail {
  readonly named: NamedSource
  readonly result: StageSource
  readonly destination: Destination
}

/** What is kept, as a source of records. */
function keptSource({ source }: KeptBuffer, state: RunState): StageSource {
  const { fields, rows } = source
  return { fields, rows, batches: (wanted) => source.batches(wanted, state.cancellation) }
}

/** Stores the records as they are: MAP, NULLASVALUE and the like come when they go to their table. */
async function collect(table: TableBuilder, source: StageSource, state: RunState): Promise<void> {
  const sink = new TableSink(table, source.fields, state, source.formats, false)
  state.loading = table
  for await (const batch of source.batches([...source.fields.keys()])) {
    state.checkTime()
    sink.append(batch)
  }
}

async function isUnchanged(
  stack: readonly LoadStatement[],
  { bytes }: KeptBuffer,
  state: RunState,
): Promise<boolean> {
  return bytes !== undefined && (await fileOf(stack, state))?.bytes === bytes
}

/** What was appended to the file since it was read, run through the LOADs; undefined when all must be read again. */
async function appended(
  stack: readonly LoadStatement[],
  kept: KeptBuffer,
  resultOf: ResultOf,
  state: RunState,
): Promise<Tail | undefined> {
  const source = stack[stack.length - 1]?.source
  const { reader } = state.options
  if (source?.kind !== 'from' || kept.bytes === undefined || reader?.openTail === undefined) return
  const size = (await fileOf(stack, state))?.bytes ?? 0
  if (size <= kept.bytes || !stack.every(takesRecordsAlone)) return undefined
  const { settings } = state.space
  const path = source.path.text
  const open = await reader.openTail(path, source.clause, settings, state.cancellation, kept.bytes)
  if (open === undefined) return undefined
  state.journal.bytes += (open.file?.bytes ?? kept.bytes) - kept.bytes
  const named = { ...fileTable(path, open, state), name: kept.name }
  const destination: Destination = { table: undefined }
  const result = resultOf(named, destination)
  if (sameNames(result, kept.source)) return { named, result, destination }
  await closeUnread(named.source)
  return undefined
}

async function fileOf(
  stack: readonly LoadStatement[],
  { options }: RunState,
): Promise<SourceFile | undefined> {
  const source = stack[stack.length - 1]?.source
  if (source?.kind !== 'from' || /[*?]/.test(source.path.text)) return undefined
  return options.reader?.file?.(source.path.text)
}

/** Functions that look at other records, count them, or tell of the file as it is now. */
const looksAround: ReadonlySet<string> = new Set([
  'autonumber',
  'autonumberhash128',
  'autonumberhash256',
  'exists',
  'fieldindex',
  'fieldvalue',
  'fieldvaluecount',
  'filesize',
  'filetime',
  'lookup',
  'noofrows',
  'peek',
  'previous',
  'recno',
  'rowno',
  'window',
])

function takesRecordsAlone(load: LoadStatement): boolean {
  return (
    !load.distinct &&
    load.groupBy.length === 0 &&
    !load.prefixes.some(({ kind }) => kind === 'first' || kind === 'sample') &&
    fragmentsOf(load).every((fragment) =>
      callsOf(parseFragment(fragment)).every(
        ({ name }) => !looksAround.has(name.toLowerCase()) && findAggregation(name) === undefined,
      ),
    )
  )
}

/** Says nothing of where in the script the statement stands, of blanks, or of what is done with the result. */
function keyOf(stack: readonly LoadStatement[], state: RunState): string {
  const loads = stack.map(({ prefixes, ...load }) => ({
    ...load,
    label: undefined,
    prefixes: prefixes.filter(({ kind }) => kind === 'first' || kind === 'sample'),
  }))
  const reading = [
    state.space.settings,
    [...state.aliases],
    state.systemVariable('NullInterpret'),
    state.systemVariable('Verbatim'),
    state.systemVariable('NullDisplay'),
    state.connections.description,
  ]
  const text = JSON.stringify([loads, reading], (name, value: unknown) =>
    name === 'span' ? undefined : value instanceof Map ? [...value] : value,
  )
  return hexadecimal(encodeUtf8(text))
}

const lanes = [0x9e3779b1, 0x85ebca77, 0xc2b2ae3d, 0x27d4eb2f, 0x165667b1]

/** 160 bits that tell texts apart, as 40 digits. */
function hexadecimal(bytes: Uint8Array): string {
  return lanes
    .map((lane) => {
      let hash = lane
      for (const byte of bytes) hash = mix(Math.imul(hash ^ byte, lane) + bytes.length)
      return hash.toString(16).padStart(8, '0')
    })
    .join('')
}
