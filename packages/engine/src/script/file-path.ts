import type { Cursor } from './cursor.ts'
import type { Name } from './statement.ts'

/** A path behind a keyword: quoted, or bare up to a blank or bracket. */
export function filePath(cursor: Cursor, keyword: string): Name {
  const what = `a file name after ${keyword}`
  if (/["'[`]/.test(cursor.peek())) return cursor.name(what)
  const bare = /[^\s(;]+/y
  bare.lastIndex = cursor.at
  const text = bare.exec(cursor.text)?.[0]
  if (text === undefined) cursor.fail(`Expected ${what}`)
  const span = { start: cursor.at, end: cursor.at + text.length }
  cursor.at = span.end
  return { text, quoted: false, span }
}
