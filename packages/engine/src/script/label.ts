import type { Cursor } from './cursor.ts'
import { unquote } from './quotes.ts'
import type { Name } from './statement.ts'

const labelPattern =
  /(?:[^\s:;,'"`[\]()=]+|"(?:[^"]|"")*"|\[(?:[^\]]|\]\])*\]|`[^`]*`)(?=[ \t]*:(?!:))/y

/** Takes the name before a colon, if there is one here. */
export function labelOf(cursor: Cursor): Name | undefined {
  const word = cursor.peekWord()
  if (word === 'SET' || word === 'LET' || word === 'TRACE') return undefined
  labelPattern.lastIndex = cursor.at
  const found = labelPattern.exec(cursor.text)?.[0]
  if (found === undefined) return undefined
  const span = { start: cursor.at, end: cursor.at + found.length }
  cursor.at = span.end
  cursor.takeSign(':')
  return { text: unquote(found), quoted: found !== unquote(found), span }
}
