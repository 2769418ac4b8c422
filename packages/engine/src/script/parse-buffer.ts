import type { Cursor } from './cursor.ts'
import type { Prefix } from './statement.ts'

/** What follows BUFFER: `[(option {, option})]`, `option = INCREMENTAL | STALE [AFTER] amount [DAYS | HOURS]`; days are meant without a unit. @throws SyntaxFault */
export function bufferPrefix(cursor: Cursor, span: Prefix['span']): Prefix {
  let incremental = false
  let staleAfter: number | undefined
  if (cursor.takeSign('(')) {
    do {
      if (cursor.take('INCREMENTAL')) incremental = true
      else {
        cursor.expect('STALE', 'or INCREMENTAL as an option of BUFFER')
        staleAfter = age(cursor)
      }
    } while (cursor.takeSign(','))
    cursor.expectSign(')', 'after the options of BUFFER')
  }
  return { kind: 'buffer', incremental, staleAfter, span }
}

const units: ReadonlySet<string> = new Set(['DAYS', 'HOURS'])

/** Days. */
function age(cursor: Cursor): number {
  cursor.take('AFTER')
  const { text, span } = cursor.expression('a number after STALE', units)
  const amount = text === '' ? Number.NaN : Number(text)
  if (!(amount >= 0))
    cursor.fail('STALE needs a number, not negative, of days or hours', span.start, span.end)
  return cursor.takeAny(['DAYS', 'HOURS']) === 'HOURS' ? amount / 24 : amount
}
