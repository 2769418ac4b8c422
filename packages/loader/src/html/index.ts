import {
  type CancellationToken,
  type FormatClause,
  LoadError,
  type OpenSource,
  type SourceBatch,
  throwIfCancelled,
} from '@lichen/engine'
import type { ByteSource } from '../byte-source.ts'
import { codepageOf, decoderOf, encodingOf, markedEncoding, tellsCodepage } from '../codepage.ts'
import type { Format } from '../format.ts'
import { checkItems, extentOf } from '../format-items.ts'
import { overBudget } from '../load-errors.ts'
import { TextRows } from '../text-rows.ts'
import type { Grid, GridRow } from './grid.ts'
import { TableCollector } from './tables.ts'
import { scanTags } from './tags.ts'

/** Bytes of a page, which is read whole. */
const mostBytes = 128 << 20

/**
 * A table of an HTML page: `table is @2` is the second to begin, another name its id or caption; without it the first. The first row below
 * `header is n lines` names the fields unless `no labels`; then, and where a label is empty, they are @1, @2 …. A cell over several rows
 * or columns stands in each of them. Texts are interpreted by the format variables. Markup is read as browsers do, so that nothing in it
 * is an error; scripts and styles are not read. The encoding is that of a byte order mark, the clause, a meta element, or UTF-8 if it is
 * that, else windows-1252.
 * Source: https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/Scripting/ScriptSpecifiers/table-is.htm
 * @throws LoadError `source-unsupported`, `table-not-found`, `budget-exceeded`
 */
export const htmlFormat: Format = {
  open: (source, clause, _settings, cancellation) => openHtml(source, clause, cancellation),
}

const items: ReadonlySet<string> = new Set([
  'table',
  'header',
  'embedded labels',
  'explicit labels',
  'no labels',
])

/** Keeps the table asked for. */
export async function openHtml(
  source: ByteSource,
  clause: FormatClause,
  cancellation: CancellationToken,
): Promise<OpenSource> {
  const { name } = source
  checkItems(clause, (item) => items.has(item) || tellsCodepage(item), name, 'HTML')
  if (source.size > mostBytes)
    throw overBudget(name, `a page of more than ${mostBytes} bytes is not read; split it`)
  const collector = new TableCollector(name)
  scanTags(decodePage(await source.read(0, source.size), codepageOf(clause, name)), collector)
  collector.end()
  throwIfCancelled(cancellation)
  const table = clause.options.get('table')
  const grid = findTable(collector.tables, typeof table === 'string' ? table : '@1', name)
  const header = extentOf(clause.options.get('header') ?? '0', 'header', name).count
  const width = grid.rows.reduce((most, row) => Math.max(most, row.length), 0)
  const labels = clause.options.has('no labels') ? [] : (grid.rows[header] ?? [])
  const rows = grid.rows.slice(clause.options.has('no labels') ? header : header + 1)
  const fields = namesOf(labels, width)
  return {
    fields,
    rows: rows.length,
    batches: (wanted, token) => readRows(name, fields, rows, wanted, token),
  }
}

async function* readRows(
  name: string,
  fields: readonly string[],
  rows: readonly GridRow[],
  wanted: readonly number[],
  cancellation: CancellationToken,
): AsyncGenerator<SourceBatch> {
  for (const index of wanted)
    if (fields[index] === undefined)
      throw new LoadError('field-not-found', `${name} has no field ${index}`)
  const texts = new TextRows(wanted.map(() => true))
  for (const row of rows) {
    for (const [column, index] of wanted.entries()) {
      const text = row[index]
      if (text !== undefined) texts.putText(column, text)
    }
    texts.endRow()
    if (!texts.isFull) continue
    throwIfCancelled(cancellation)
    yield texts.take()
  }
  throwIfCancelled(cancellation)
  if (texts.rows > 0) yield texts.take()
}

function findTable(tables: readonly Grid[], name: string, where: string): Grid {
  const number = /^@?(\d{1,6})$/.exec(name)?.[1]
  const named = tables.find(({ id, caption }) => id === name || caption === name)
  const found = named ?? (number === undefined ? undefined : tables[Number(number) - 1])
  if (found !== undefined) return found
  throw new LoadError(
    'table-not-found',
    `${where} has no table ${name}; it has ${tables.length}, which are @1, @2 … or their ids and captions`,
  )
}

/** As in delimited text: an empty label becomes @n, a repeated one gets the first free number. */
function namesOf(labels: GridRow, width: number): readonly string[] {
  const taken = new Set<string>()
  const repeats = new Map<string, number>()
  return Array.from({ length: width }, (_, column) => {
    const wanted = labels[column] || `@${column + 1}`
    let number = repeats.get(wanted) ?? 1
    let name = wanted
    while (taken.has(name)) name = `${wanted}${number++}`
    repeats.set(wanted, number)
    taken.add(name)
    return name
  })
}

function decodePage(bytes: Uint8Array, codepage: string | undefined): string {
  const told = markedEncoding(bytes) ?? codepage ?? declaredEncoding(bytes)
  if (told !== undefined) return decoderOf(told, false)(bytes)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return decoderOf('windows-1252', false)(bytes)
  }
}

/** Source: https://html.spec.whatwg.org/multipage/parsing.html#prescan-a-byte-stream-to-determine-its-encoding */
function declaredEncoding(bytes: Uint8Array): string | undefined {
  const head = new TextDecoder('windows-1252').decode(bytes.subarray(0, 4096))
  const named = /<meta\s[^>]*?\bcharset\s*=\s*["']?\s*([\w.:-]+)/i.exec(head)?.[1]
  if (named === undefined) return undefined
  try {
    const encoding = encodingOf(named, '')
    return encoding.startsWith('utf-16') ? 'utf-8' : encoding
  } catch {
    return undefined
  }
}
