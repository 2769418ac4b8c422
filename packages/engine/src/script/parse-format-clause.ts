import type { Cursor } from './cursor.ts'
import { unquote } from './quotes.ts'
import type { FormatClause } from './reader.ts'

const formats = new Set([
  'txt',
  'fix',
  'dif',
  'qvd',
  'qvx',
  'biff',
  'ooxml',
  'xlsx',
  'html',
  'xml',
  'xmlsimple',
  'xmlsax',
  'json',
  'kml',
  'parquet',
  'arrow',
  'csv',
])

/** `(txt, utf8, delimiter is ';', embedded labels)`; an empty clause when no bracket follows. */
export function formatClause(cursor: Cursor): FormatClause {
  const options = new Map<string, string | true>()
  let format: string | undefined
  if (!cursor.takeSign('(')) return { options }
  while (!cursor.takeSign(')')) {
    const item = cursor.expression('a format option').text
    const lower = item.toLowerCase()
    const setting = /^([a-z ]+?)\s+(?:is|are)\s+([\s\S]+)$/i.exec(item)
    if (formats.has(lower)) format = lower
    else if (setting !== null)
      options.set((setting[1] ?? '').toLowerCase(), settingText(setting[2] ?? ''))
    else if (lower.startsWith('filters')) options.set('filters', item.slice(7).trim())
    else options.set(lower.replace(/\s+/g, ' '), true)
    if (!cursor.takeSign(',') && cursor.peek() !== ')')
      cursor.fail('Expected , or ) in the format clause')
  }
  return format === undefined ? { options } : { format, options }
}

/** `'\t'` is a tab. */
function settingText(text: string): string {
  const trimmed = text.trim()
  if (/^['"[]/.test(trimmed)) return unquote(trimmed).replaceAll('\\t', '\t')
  return trimmed.replaceAll('\\t', '\t')
}
