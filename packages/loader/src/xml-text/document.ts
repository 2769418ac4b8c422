import { type CancellationToken, throwIfCancelled } from '@lichen/engine'
import type { StreamSource } from '../byte-source.ts'
import { encodingOf, markedEncoding, utf8Chunks } from '../codepage.ts'
import type { XmlLimits } from './limits.ts'
import { XmlReader } from './xml-reader.ts'

export const documentLimits: XmlLimits = { depth: 256, tokenBytes: 16 << 20 }

/**
 * A document of any encoding that its mark, its first bytes, its declaration or `codepage` tells; else UTF-8. Yields the reader whenever there
 * are more tokens to take. Errors tell bytes of the text as UTF-8.
 * @throws LoadError `source-malformed`, `source-unsupported`, `budget-exceeded`
 */
export async function* readDocument(
  source: StreamSource,
  codepage: string | undefined,
  cancellation: CancellationToken,
): AsyncGenerator<XmlReader> {
  const xml = new XmlReader(source.name, documentLimits, true)
  const chunks = source.stream(cancellation)[Symbol.asyncIterator]()
  const first = await chunks.next()
  const start: Uint8Array = first.done === true ? new Uint8Array(0) : first.value
  const encoding = encodingOfDocument(start, codepage, source.name)
  for await (const chunk of utf8Chunks(continued(start, chunks), encoding, source.name)) {
    throwIfCancelled(cancellation)
    xml.push(chunk)
    yield xml
  }
  xml.close()
  yield xml
}

async function* continued(
  first: Uint8Array,
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  try {
    yield first
    for (let next = await rest.next(); next.done !== true; next = await rest.next())
      yield next.value
  } finally {
    await rest.return?.()
  }
}

/** Source: https://www.w3.org/TR/xml/#sec-guessing */
function encodingOfDocument(
  start: Uint8Array,
  codepage: string | undefined,
  where: string,
): string {
  const marked = markedEncoding(start)
  if (marked !== undefined) return marked
  if (start[0] === 0x3c && start[1] === 0) return 'utf-16le'
  if (start[0] === 0 && start[1] === 0x3c) return 'utf-16be'
  const head = new TextDecoder('windows-1252').decode(start.subarray(0, 256))
  const declared = /^<\?xml\s[^>]*\bencoding\s*=\s*["']([\w.:-]+)["']/.exec(head)?.[1]
  const named = declared === undefined ? codepage : encodingOf(declared, where)
  // What was read so far is ASCII, so it is not UTF-16, whatever it says.
  return named === undefined || named.startsWith('utf-16') ? 'utf-8' : named
}
