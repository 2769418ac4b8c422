import { gzipSync } from 'node:zlib'
import {
  createApp,
  defaultFormatSettings,
  type FormatClause,
  LichenError,
  neverCancelled,
  type OpenSource,
  type SourceBatch,
  type TableReader,
} from '@lichen/engine'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ByteSource, bytesSource } from '../../src/byte-source.ts'
import { createReader, fileReader } from '../../src/reader.ts'
import { type Sample, type SampleRow, sampleFields, sampleRows, samples } from './samples.ts'

const noClause: FormatClause = { options: new Map() }

function readerOf(files: Readonly<Record<string, Uint8Array>>): TableReader {
  const entries = Object.entries(files).map(
    ([name, bytes]) => [name, bytesSource(name, bytes)] as const,
  )
  return fileReader(new Map<string, ByteSource>(entries))
}

/** Opened as by a LOAD that names the fields where the format has no names of its own. */
function open({ file, columns, named }: Sample, bytes: Uint8Array): Promise<OpenSource> {
  const clause = { ...(named ?? noClause), ...(columns === undefined ? {} : { asked: columns }) }
  return readerOf({ [file]: bytes }).open(file, clause, defaultFormatSettings, neverCancelled)
}

async function batchesOf(source: OpenSource, fields: readonly number[]): Promise<SourceBatch[]> {
  const batches: SourceBatch[] = []
  for await (const batch of source.batches(fields, neverCancelled)) batches.push(batch)
  return batches
}

const allFields = (source: OpenSource): number[] => [...source.fields.keys()]
const rowsIn = (batches: readonly SourceBatch[]): number =>
  batches.reduce((sum, { rows }) => sum + rows, 0)

/** Records as texts, taken while a batch is in hand: its arrays may be used again for the next. */
async function textsOf(source: OpenSource): Promise<string[]> {
  const texts: string[] = []
  for await (const { rows, columns } of source.batches(allFields(source), neverCancelled))
    for (let row = 0; row < rows; row++)
      texts.push(columns.map((column) => cellText(column, row)).join('|'))
  return texts
}

function cellText(column: SourceBatch['columns'][number], row: number): string {
  switch (column.kind) {
    case 'text':
      return new TextDecoder().decode(column.bytes.slice(column.starts[row], column.ends[row]))
    case 'dictionary':
      return String(column.dictionary[(column.codes[row] ?? 0) - 1])
    default:
      return String(column.values[row])
  }
}

type Cells = readonly (readonly [number | null, string | null])[]

/** Cells of a loaded table by field: number and text. */
async function loaded(
  script: string,
  files: Readonly<Record<string, Uint8Array>>,
): Promise<Map<string, Cells>> {
  const app = await createApp({ script, reader: readerOf(files) })
  const { view } = app.session
  const cells = new Map<string, Cells>()
  for (const [index, column] of view.tables[0]?.columns ?? []) {
    const field = view.fields[index]
    if (field === undefined) continue
    const { symbols } = field
    const rows = view.tables[0]?.rows ?? 0
    const cellAt = (row: number): Cells[number] => {
      const code = column.codeAt(row)
      if (code === 0) return [null, null]
      const number = symbols.numberAt(code - 1)
      return [Number.isNaN(number) ? null : number, symbols.textAt(code - 1)]
    }
    cells.set(
      field.name,
      Array.from({ length: rows }, (_, row) => cellAt(row)),
    )
  }
  app.close()
  return cells
}

function expected(rows: readonly SampleRow[], missing: Sample['missing']): Map<string, Cells> {
  const gap = missing === 'NULL' ? ([null, null] as const) : ([null, ''] as const)
  const serial = (day: string): number => Date.parse(`${day}T00:00:00Z`) / 86_400_000 + 25_569
  return new Map<string, Cells>([
    ['id', rows.map(({ id }) => [id, String(id)])],
    ['name', rows.map(({ name }) => [null, name])],
    ['amount', rows.map(({ amount }) => (amount === null ? gap : [amount, String(amount)]))],
    ['day', rows.map(({ day }) => [serial(day), day])],
  ])
}

const settings = "SET DateFormat='YYYY-MM-DD'; SET TimestampFormat='YYYY-MM-DD';\n"
/** Formats carry days as dates, as timestamps at midnight or as text. */
const scriptFor = ({ file, clause, columns = sampleFields }: Sample): string => {
  const [id, name, amount, day] = columns
  return `${settings}T: LOAD ${id} AS id, ${name} AS name, ${amount} AS amount, Date(${day}) AS day FROM [${file}] ${clause};`
}

const rows = sampleRows(40)

/** What damage may be called: a page can lose its table, a workbook its sheet. */
const typedErrors = ['source-malformed', 'source-unsupported', 'budget-exceeded', 'table-not-found']

describe.each(samples.map((sample) => [sample.format, sample] as const))('%s', (_, sample) => {
  const { file, clause, columns = sampleFields } = sample
  const [idColumn, nameColumn] = columns

  it('gives the table, also packed', async () => {
    const bytes = await sample.bytes(rows)
    const table = expected(rows, sample.missing)
    expect(await loaded(scriptFor(sample), { [file]: bytes })).toEqual(table)
    const packed = { ...sample, file: `${file}.gz` }
    expect(
      await loaded(scriptFor(packed), { [packed.file]: new Uint8Array(gzipSync(bytes)) }),
    ).toEqual(table)
  })

  it('is opened with its fields', async () => {
    const source = await open(sample, await sample.bytes(rows))
    expect(source.fields).toEqual(expect.arrayContaining([...columns]))
    expect(rowsIn(await batchesOf(source, allFields(source)))).toBe(rows.length)
  })

  it('gives the fields asked for in the order asked for, and rows when none is', async () => {
    const bytes = await sample.bytes(rows)
    const { name, id } = Object.fromEntries(
      await loaded(`LOAD ${nameColumn} AS name, ${idColumn} AS id FROM [${file}] ${clause};`, {
        [file]: bytes,
      }),
    )
    const table = expected(rows, sample.missing)
    expect([name, id]).toEqual([table.get('name'), table.get('id')])
    const source = await open(sample, bytes)
    for (const batch of await batchesOf(source, [3, 0])) expect(batch.columns).toHaveLength(2)
    expect(rowsIn(await batchesOf(source, []))).toBe(rows.length)
  })

  it('can be read again', async () => {
    const source = await open(sample, await sample.bytes(rows))
    const first = await textsOf(source)
    expect(first).toHaveLength(rows.length)
    expect(await textsOf(source)).toEqual(first)
  })

  it('may be left early', async () => {
    const source = await open(sample, await sample.bytes(sampleRows(3000)))
    for await (const batch of source.batches(allFields(source), neverCancelled)) {
      expect(batch.rows).toBeGreaterThan(0)
      break
    }
    expect(rowsIn(await batchesOf(source, [0]))).toBe(3000)
  })

  it('stops when it is cancelled', async () => {
    const source = await open(sample, await sample.bytes(rows))
    const reading = (async () => {
      for await (const _ of source.batches(allFields(source), { cancelled: true })) break
    })()
    await expect(reading).rejects.toMatchObject({ code: 'cancelled' })
  })

  it('has no rows when the table has none', async () => {
    const bytes = await sample.bytes([])
    const outcome = await open(sample, bytes).then(
      async (source) => rowsIn(await batchesOf(source, allFields(source))),
      (error: unknown) => error,
    )
    // Without a record an XML document does not show that there could be one.
    expect([0, 'table-not-found']).toContain(
      outcome instanceof LichenError ? outcome.code : outcome,
    )
  })

  it('is read from several files by a wildcard', async () => {
    const [stem = '', extension = ''] = file.split('.')
    const parts = [sampleRows(5), sampleRows(7)]
    const files = Object.fromEntries(
      await Promise.all(
        parts.map(
          async (part, i) => [`${stem}${i}.${extension}`, await sample.bytes(part)] as const,
        ),
      ),
    )
    const cells = await loaded(
      `T: LOAD ${idColumn} AS id FROM [${stem}*.${extension}] ${clause};`,
      files,
    )
    expect(cells.get('id')).toHaveLength(12)
  })

  it('is refused when it is larger than allowed', async () => {
    const bytes = await sample.bytes(rows)
    const reader = createReader({
      find: async () => [bytesSource(file, bytes)],
      maxBytes: bytes.length - 1,
    })
    await expect(
      reader.open(file, noClause, defaultFormatSettings, neverCancelled),
    ).rejects.toMatchObject({ code: 'budget-exceeded' })
  })

  /** Rows, or the code of a typed error; anything else fails. */
  async function outcomeOf(bytes: Uint8Array): Promise<number | string> {
    try {
      const source = await open(sample, bytes)
      return rowsIn(await batchesOf(source, allFields(source)))
    } catch (error) {
      if (!(error instanceof LichenError)) throw error
      expect(error.message).toContain(file)
      return error.code
    }
  }

  it('cut off at any byte it has fewer rows or is malformed', async () => {
    const whole = await sample.bytes(sampleRows(6))
    const outcomes = new Set<number | string>()
    for (let end = 0; end < whole.length; end++) outcomes.add(await outcomeOf(whole.slice(0, end)))
    for (const outcome of outcomes)
      if (typeof outcome === 'number') expect(outcome).toBeLessThanOrEqual(6)
      else expect(typedErrors).toContain(outcome)
  })

  it('with bytes changed it has rows or is malformed', async () => {
    const whole = await sample.bytes(sampleRows(6))
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        async (changes) => {
          const damaged = whole.slice()
          for (const [at, byte] of changes) damaged[at] = byte
          const outcome = await outcomeOf(damaged)
          if (typeof outcome === 'string') expect(typedErrors).toContain(outcome)
        },
      ),
      { numRuns: 400, seed: 20_261_124 },
    )
  })
})
