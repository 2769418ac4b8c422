import {
  type CancellationToken,
  type FormatSettings,
  LichenError,
  LoadError,
  type OpenSource,
  type SourceBatch,
  type SourceColumn,
  throwIfCancelled,
  type Value,
} from '@lichen/engine'
import type { ByteSource } from '../byte-source.ts'
import type { Format } from '../format.ts'
import { type ArrowArray, type FieldPart, partsOf, readArray } from './array.ts'
import { BareRows, type Budget, budgetFor } from './budget.ts'
import { type ColumnContext, cellsOf, columnOf } from './columns.ts'
import { unpackBuffer } from './compression.ts'
import { type Container, openContainer } from './container.ts'
import type { FlatTable } from './flatbuffer.ts'
import { type BatchHeader, type Message, readBatchHeader } from './message.ts'
import { type ArrowField, readSchema } from './schema.ts'

/**
 * Arrow files and streams, Feather version 2 among them; one batch per record batch, only the bytes of the columns asked for. Columns with a
 * dictionary stay so. Dates and timestamps are serial days (UTC), times and durations parts of days, booleans -1 and 0, integers past 2^53
 * text, binary values hexadecimal digits, nested values their JSON text. Nothing in the file is believed: every count, length and place
 * is checked against the bytes that are there.
 * Source: https://arrow.apache.org/docs/format/Columnar.html
 * @throws LoadError `source-malformed`, `source-unsupported`, `budget-exceeded`
 */
export const arrowFormat: Format = {
  open: (source, _clause, settings) => openArrow(source, settings),
}

export async function openArrow(source: ByteSource, settings: FormatSettings): Promise<OpenSource> {
  const { container, fields } = await guarded(source.name, async () => {
    const opened = await openContainer(source)
    return { container: opened, fields: readSchema(opened.schema, source.name) }
  })
  return {
    fields: fields.map(({ name }) => name),
    batches: (wanted, cancellation) =>
      readBatches(source, container, fields, wanted, settings, cancellation),
  }
}

async function* readBatches(
  source: ByteSource,
  container: Container,
  fields: readonly ArrowField[],
  wanted: readonly number[],
  settings: FormatSettings,
  cancellation: CancellationToken,
): AsyncGenerator<SourceBatch> {
  const needed = wanted.map((index) => {
    const field = fields[index]
    if (field === undefined)
      throw new LoadError('field-not-found', `${source.name} has no field ${index}`)
    return field
  })
  const entries = dictionariesOf(needed)
  const dictionaries = new Map<number, Value[]>()
  const bare = new BareRows(source.name)
  const context = (budget: Budget): ColumnContext => ({ settings, dictionaries, budget })
  const messages = container.messages()[Symbol.asyncIterator]()
  for (;;) {
    throwIfCancelled(cancellation)
    const batch = await guarded(source.name, async () => {
      const { done, value: message } = await messages.next()
      if (done) return undefined
      if (message.kind === 'schema') throw new Error('it has a second schema')
      const body = new Body(source, message)
      if (message.kind === 'dictionary') {
        const field = entries.get(message.header.long(0))
        if (field !== undefined) await addEntries(message, field, body, bare, dictionaries, context)
      }
      if (message.kind !== 'records') return { rows: 0, columns: [] }
      const header = headerOf(message.header, message, bare)
      const parts = partsOf(fields, header)
      const columns: SourceColumn[] = []
      for (const [i, field] of needed.entries()) {
        const part = parts[wanted[i]!]!
        const array = await body.array(field, part, header)
        columns.push(columnOf(array, context(body.budget)))
      }
      return { rows: header.rows, columns }
    })
    if (batch === undefined) return
    if (batch.rows > 0) yield batch
  }
}

/** A header of a batch whose rows are plausible. */
function headerOf(batch: FlatTable, { bodyLength }: Message, bare: BareRows): BatchHeader {
  const header = readBatchHeader(batch, bodyLength)
  bare.count(header.rows, bodyLength, header.compression !== 'none')
  return header
}

/** Dictionaries that fields need, by number: the field of their values. */
function dictionariesOf(fields: readonly ArrowField[]): Map<number, ArrowField> {
  const found = new Map<number, ArrowField>()
  const visit = (field: ArrowField): void => {
    if (field.dictionary !== undefined && !found.has(field.dictionary.id))
      found.set(field.dictionary.id, { ...field, dictionary: undefined })
    for (const child of field.children) visit(child)
  }
  for (const field of fields) visit(field)
  return found
}

/** A delta adds to the dictionary; any other batch is a new one, and the columns made before keep theirs. */
async function addEntries(
  message: Message,
  field: ArrowField,
  body: Body,
  bare: BareRows,
  dictionaries: Map<number, Value[]>,
  context: (budget: Budget) => ColumnContext,
): Promise<void> {
  const id = message.header.long(0)
  const batch = message.header.table(1)
  if (batch === undefined) throw new Error(`dictionary ${id} has no values`)
  const header = headerOf(batch, message, bare)
  const part = partsOf([field], header)[0]!
  const array = await body.array(field, part, header)
  const cell = cellsOf(columnOf(array, context(body.budget)))
  const delta = message.header.byte(2) !== 0
  const values = delta ? (dictionaries.get(id) ?? []) : []
  for (let i = 0; i < array.length; i++) values.push(cell(i))
  dictionaries.set(id, values)
}

const maxColumnBytes = 2 ** 31 - 1

/** The bytes behind a message, of which only what is asked for is read. */
class Body {
  readonly budget: Budget
  readonly #source: ByteSource
  readonly #start: number

  constructor(source: ByteSource, { bodyAt, bodyLength }: Message) {
    this.#source = source
    this.#start = bodyAt
    this.budget = budgetFor(bodyLength, source.name)
  }

  async array(field: ArrowField, part: FieldPart, header: BatchHeader): Promise<ArrowArray> {
    const { compression } = header
    const used = part.regions.filter(({ start, end }) => start < end)
    const first = used[0]?.start ?? 0
    const last = used.at(-1)?.end ?? 0
    if (last - first > maxColumnBytes)
      throw new LoadError(
        'budget-exceeded',
        `${this.#source.name}: a batch of the field ${field.name} has more than ${maxColumnBytes} bytes; write smaller batches`,
      )
    const bytes = await this.#source.read(this.#start + first, this.#start + last)
    const buffers = part.regions.map(({ start, end }) => {
      const buffer = start < end ? bytes.subarray(start - first, end - first) : new Uint8Array(0)
      return compression === 'none' ? buffer : unpackBuffer(buffer, compression, this.budget)
    })
    const array = readArray(field, part, buffers)
    if (array.length !== header.rows)
      throw new Error(`the field ${field.name} has ${array.length} of ${header.rows} rows`)
    return array
  }
}

async function guarded<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof LichenError) throw error
    throw new LoadError(
      'source-malformed',
      `${name}: damaged Arrow: ${error instanceof Error ? error.message : 'unknown'}`,
      { cause: error },
    )
  }
}
