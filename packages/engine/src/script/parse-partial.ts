import type { Cursor } from './cursor.ts'
import type { PartialPrefix } from './statement.ts'

/** `ADD [ONLY]`, `REPLACE [ONLY]` or `MERGE [ONLY] [(field [, variable])] ON key {, key}`, taken when it follows. @throws SyntaxFault */
export function partialPrefix(cursor: Cursor): PartialPrefix | undefined {
  cursor.skip()
  const start = cursor.at
  const word = cursor.takeAny(['ADD', 'REPLACE', 'MERGE'])
  if (word === undefined) return undefined
  const span = { start, end: start + word.length }
  const only = cursor.take('ONLY')
  if (word !== 'MERGE') return { kind: word === 'ADD' ? 'add' : 'replace', only, span }
  const [sequence, variable] = cursor.takeSign('(') ? sequenceNames(cursor) : []
  cursor.expect('ON', 'and the keys after MERGE')
  return { kind: 'merge', only, sequence, variable, keys: cursor.names('a key field'), span }
}

function sequenceNames(cursor: Cursor): ReturnType<Cursor['names']> {
  const names = cursor.names('the field of the sequence numbers')
  cursor.expectSign(')', 'after the field of the sequence numbers and their variable')
  return names
}

/** `ADD [ONLY] MAP` or `REPLACE [ONLY] MAP`, taken with the word MAP when it follows. */
export function prefixOfMap(cursor: Cursor): PartialPrefix | undefined {
  const start = cursor.at
  if (/^(?:ADD|REPLACE)$/.test(cursor.peekWord())) {
    const prefix = partialPrefix(cursor)
    if (cursor.take('MAP')) return prefix
  }
  cursor.at = start
  return undefined
}
