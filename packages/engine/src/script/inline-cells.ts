import type { FormatClause } from './reader.ts'

export interface InlineTable {
  readonly fields: readonly string[]
  /** Cells as written, without quotes; each row has as many as there are fields. Missing trailing cells are empty. */
  readonly rows: readonly (readonly string[])[]
}

/**
 * Reads the data of INLINE: by default labels in the first line, cells separated by commas, cells in `"` or `'` quoted, the quote
 * doubled standing for itself. Empty lines are skipped.
 */
export function inlineTable(data: string, clause: FormatClause): InlineTable {
  const delimiter = delimiterOf(clause.options.get('delimiter'))
  const quoting = !clause.options.has('no quotes')
  const records = recordsOf(data, delimiter, quoting).slice(
    Number(clause.options.get('header') ?? 0) || 0,
  )
  const labels = clause.options.has('no labels') ? undefined : records.shift()
  const width = labels?.length ?? records.reduce((most, cells) => Math.max(most, cells.length), 0)
  const fields = Array.from(
    { length: width },
    (_, index) => labels?.[index]?.trim() || `@${index + 1}`,
  )
  return {
    fields,
    rows: records.map((cells) => Array.from({ length: width }, (_, index) => cells[index] ?? '')),
  }
}

function delimiterOf(option: string | true | undefined): string {
  if (typeof option !== 'string' || option === '') return ','
  return option.toLowerCase() === 'spaces' ? ' ' : option
}

function recordsOf(data: string, delimiter: string, quoting: boolean): string[][] {
  const records: string[][] = []
  let at = 0
  while (at < data.length) {
    const lineEnd = endOfLine(data, at)
    if (data.slice(at, lineEnd).trim() === '') {
      at = lineEnd + 1
      continue
    }
    const record: string[] = []
    at = readRecord(data, at, delimiter, quoting, record)
    records.push(record)
  }
  return records
}

/** Reads one record into `record` and returns the offset after its line break. */
function readRecord(
  data: string,
  start: number,
  delimiter: string,
  quoting: boolean,
  record: string[],
): number {
  let at = start
  for (;;) {
    let from = at
    while (data[from] === ' ' && delimiter !== ' ') from += 1
    const sign = data[from]
    const close = quoting && (sign === '"' || sign === "'") ? closingQuote(data, from, sign) : -1
    let end: number
    if (close === -1 || sign === undefined) {
      end = nextOf(data, at, delimiter)
      record.push(data.slice(at, end).replace(/\r$/, ''))
    } else {
      record.push(data.slice(from + 1, close).replaceAll(sign + sign, sign))
      end = nextOf(data, close + 1, delimiter)
    }
    if (end >= data.length || !data.startsWith(delimiter, end)) return end + 1
    at = end + delimiter.length
  }
}

/** Offset of the closing quote, or -1. */
function closingQuote(data: string, open: number, sign: string): number {
  let found = data.indexOf(sign, open + 1)
  while (found !== -1 && data[found + 1] === sign) found = data.indexOf(sign, found + 2)
  return found
}

function nextOf(data: string, from: number, delimiter: string): number {
  const next = data.indexOf(delimiter, from)
  const end = endOfLine(data, from)
  return next === -1 || next > end ? end : next
}

function endOfLine(data: string, from: number): number {
  const end = data.indexOf('\n', from)
  return end === -1 ? data.length : end
}
