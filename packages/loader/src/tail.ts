import {
  type CancellationToken,
  type FormatClause,
  type FormatSettings,
  LoadError,
  type OpenSource,
} from '@lichen/engine'
import { type ByteSource, bytesSource, streamOf } from './byte-source.ts'
import { clauseOptions } from './delimited/clause.ts'
import type { Format } from './format.ts'

const headBytes = 1 << 16
const newline = 10
/** Items that say what stands before the records. */
const ofTheBeginning: ReadonlySet<string> = new Set([
  'embedded labels',
  'explicit labels',
  'header',
])

/**
 * The records of delimited text from byte `from` on, under the names the file begins with. Undefined when no line begins there, the text
 * is not read byte by byte, or the records there have not as many cells. Whether a quoted cell was open at that place is not known.
 */
export async function openTail(
  source: ByteSource,
  format: Format,
  clause: FormatClause,
  settings: FormatSettings,
  cancellation: CancellationToken,
  from: number,
): Promise<OpenSource | undefined> {
  const { encoding = 'utf8' } = clauseOptions(source.name, clause)
  if (from <= 0 || from > source.size || encoding.startsWith('utf-16')) return undefined
  const first = await source.read(0, Math.min(source.size, headBytes))
  if (isUtf16(first) || (await source.read(from - 1, from))[0] !== newline) return undefined
  const head = await format.open(bytesSource(source.name, first), clause, settings, cancellation)
  const options = new Map([...clause.options].filter(([item]) => !ofTheBeginning.has(item)))
  const records = { ...clause, options: options.set('no labels', true) }
  const open = await format.open(rest(source, from), records, settings, cancellation)
  if (open.fields.length !== head.fields.length) {
    await close(open, cancellation)
    return undefined
  }
  return { ...open, fields: head.fields }
}

function isUtf16([first, second]: Uint8Array): boolean {
  return (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)
}

/** The bytes from `from` on as a file of its own. */
function rest(source: ByteSource, from: number): ByteSource {
  const size = source.size - from
  const read = (start: number, end: number): Promise<Uint8Array> => {
    if (end > size) throw new LoadError('source-malformed', `${source.name} ends early`)
    return source.read(from + start, from + end)
  }
  return {
    name: source.name,
    size,
    modified: source.modified,
    read,
    stream: (cancellation) => streamOf({ size, read }, cancellation),
  }
}

async function close({ batches }: OpenSource, cancellation: CancellationToken): Promise<void> {
  for await (const _ of batches([], cancellation)) return
}
