import { type StoredField, type StoredTable, throwIfCancelled } from '@lichen/engine'
import {
  checkClause,
  checkNames,
  isNumeral,
  kindOf,
  showsTime,
  type WrittenFormat,
} from '../written-format.ts'

/** One array of objects. */
export const jsonWriter: WrittenFormat = objectsWriter('json', '[\n', ',\n', '\n]\n', '[]\n')
/** An object a line. */
export const jsonLinesWriter: WrittenFormat = objectsWriter('ndjson', '', '\n', '\n', '')

const blockRows = 4096
/** Pairs that are remembered for each field. */
const mostPairs = 100_000

/**
 * Objects with a key for every field, strict JSON in UTF-8. NULL is null. Numbers are numbers, but what people know by its text is text: dates
 * and times as they are shown, and numbers whose own text is not just their digits, such as `Jan` or `007`.
 * @throws LoadError `source-unsupported` for two fields of one name
 */
function objectsWriter(
  name: string,
  head: string,
  between: string,
  tail: string,
  empty: string,
): WrittenFormat {
  return {
    async *write(table, clause, cancellation) {
      checkNames(table, name)
      checkClause(clause, name, (item) => jsonNames.includes(item) || item === 'utf8')
      const encoder = new TextEncoder()
      if (table.rows === 0) {
        yield encoder.encode(empty)
        return
      }
      let before = head
      for (const block of blocks(table)) {
        throwIfCancelled(cancellation)
        yield encoder.encode(before + block.join(between))
        before = between
      }
      yield encoder.encode(tail)
    },
  }
}

const jsonNames: readonly string[] = ['json', 'ndjson', 'jsonl']

/** The objects of some thousand rows at a time. */
function* blocks({ rows, fields }: StoredTable): Generator<string[]> {
  const pairs = fields.map((field) => pairsOf(field))
  const codes = fields.map(() => new Uint32Array(blockRows))
  for (let start = 0; start < rows; start += blockRows) {
    const count = Math.min(blockRows, rows - start)
    fields.forEach((field, f) => {
      field.read(start, count, codes[f]!)
    })
    const block: string[] = []
    for (let row = 0; row < count; row++)
      block.push(`{${pairs.map((pair, f) => pair(codes[f]![row]!)).join(',')}}`)
    yield block
  }
}

/** `"name":value` of a code. */
function pairsOf(field: StoredField): (code: number) => string {
  const key = JSON.stringify(field.name)
  const known = new Map<number, string>()
  return (code) => {
    let pair = known.get(code)
    if (pair === undefined) {
      pair = `${key}:${code === 0 ? 'null' : jsonOf(field, code - 1)}`
      if (known.size < mostPairs) known.set(code, pair)
    }
    return pair
  }
}

function jsonOf(field: StoredField, symbol: number): string {
  const { symbols } = field
  const kind = kindOf(symbols, symbol)
  if (kind === 1 && !showsTime(field)) return numeral(symbols.numberAt(symbol))
  const text = symbols.textAt(symbol)
  // JSON.stringify escapes halves of surrogate pairs.
  return kind === 3 && isNumeral(text, symbols.numberAt(symbol)) ? text : JSON.stringify(text)
}

/** Digits of integers past 2^53 would be taken for exact, by our reader too. */
function numeral(number: number): string {
  return Number.isInteger(number) && !Number.isSafeInteger(number)
    ? number.toExponential()
    : String(number)
}
