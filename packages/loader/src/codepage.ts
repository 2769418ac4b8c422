import type { FormatClause } from '@lichen/engine'
import { malformed, unsupported } from './load-errors.ts'

/** Names of codepages that are not those of the Encoding Standard. Source: https://learn.microsoft.com/en-us/windows/win32/intl/code-page-identifiers */
const named: Readonly<Record<string, string>> = {
  utf8: 'utf-8',
  unicode: 'utf-16le',
  ansi: 'windows-1252',
  mac: 'macintosh',
  '65001': 'utf-8',
  '1200': 'utf-16le',
  '1201': 'utf-16be',
  '866': 'ibm866',
  '874': 'windows-874',
  '932': 'shift_jis',
  '936': 'gbk',
  '949': 'euc-kr',
  '950': 'big5',
  '10000': 'macintosh',
  '20127': 'utf-8',
  '20866': 'koi8-r',
  '20932': 'euc-jp',
  '21866': 'koi8-u',
  '54936': 'gb18030',
}
const words: readonly string[] = ['utf8', 'unicode', 'ansi', 'oem', 'mac']

/**
 * The encoding a format clause names, as the Encoding Standard calls it; undefined when it names none.
 * Source: https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/Scripting/ScriptSpecifiers/character-set.htm
 * @throws LoadError `source-unsupported`
 */
export function codepageOf({ options }: FormatClause, where: string): string | undefined {
  const setting = options.get('codepage')
  if (typeof setting === 'string') return encodingOf(setting, where)
  const word = words.find((each) => options.has(each))
  return word === undefined ? undefined : encodingOf(word, where)
}

/** Whether an item of a format clause only tells the codepage. */
export function tellsCodepage(item: string): boolean {
  return item === 'codepage' || words.includes(item)
}

/** @throws LoadError `source-unsupported` for an encoding nobody knows here */
export function encodingOf(name: string, where: string): string {
  const word = name.trim().toLowerCase()
  const windows = /^125[0-8]$/.test(word) ? `windows-${word}` : undefined
  const iso = /^2859([1-9])$|^286(0[0-6])$/.exec(word)
  const part = iso === null ? undefined : `iso-8859-${iso[1] ?? 10 + Number(iso[2])}`
  const label = (Object.hasOwn(named, word) ? named[word] : undefined) ?? windows ?? part ?? word
  try {
    return new TextDecoder(label).encoding
  } catch {
    throw unsupported(where, `the codepage ${name} is not read; save the file as UTF-8`)
  }
}

/** The encoding a byte order mark tells. */
export function markedEncoding(bytes: Uint8Array): string | undefined {
  const [first, second, third] = bytes
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8'
  if (first === 0xff && second === 0xfe) return 'utf-16le'
  return first === 0xfe && second === 0xff ? 'utf-16be' : undefined
}

/** Chunks of an encoding as UTF-8 without a mark; UTF-8 passes as it is. @throws LoadError `source-malformed` */
export async function* utf8Chunks(
  chunks: AsyncIterable<Uint8Array>,
  encoding: string,
  where: string,
): AsyncGenerator<Uint8Array> {
  if (encoding === 'utf-8') return yield* chunks
  const decode = decoderOf(encoding, true)
  const encoder = new TextEncoder()
  let before = 0
  const encoded = (chunk?: Uint8Array): Uint8Array => {
    try {
      return encoder.encode(decode(chunk, chunk !== undefined))
    } catch (cause) {
      throw malformed(where, `it is not ${encoding} behind byte ${before}`, cause)
    }
  }
  for await (const chunk of chunks) {
    yield encoded(chunk)
    before += chunk.length
  }
  yield encoded()
}

/** Code points of the bytes 128 … 159 in windows-1252. Source: https://encoding.spec.whatwg.org/index-windows-1252.txt */
const windows1252 =
  '\u20ac\u0081\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u008d\u017d\u008f\u0090\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u009d\u017e\u0178'

/** The character a byte in 128 … 159 stands for in windows-1252. */
export function windowsCharacter(byte: number): string {
  return windows1252[byte - 0x80] ?? ''
}

/** Decodes bytes, with `more` those of a text that goes on. @throws TypeError when it is `fatal` that they are not of the encoding */
export function decoderOf(
  encoding: string,
  fatal: boolean,
): (bytes?: Uint8Array, more?: boolean) => string {
  const decoder = new TextDecoder(encoding, { fatal })
  if (encoding !== 'windows-1252')
    return (bytes, more = false) => decoder.decode(bytes, { stream: more })
  // Some versions of Node read windows-1252 as latin1: https://github.com/nodejs/node/issues/56542
  return (bytes, more = false) =>
    decoder
      .decode(bytes, { stream: more })
      .replace(/[\u0080-\u009f]/g, (sign) => windowsCharacter(sign.charCodeAt(0)))
}
