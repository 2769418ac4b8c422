import { expect, test } from 'vitest'
import { problemOfReload, showPlace } from '../src/script-error.ts'

test('puts carets under the words that are wrong', () => {
  const script = 'Small:\nLOAD a FORM Small;\n'
  expect(showPlace(script, { offset: script.indexOf('FORM'), length: 4 })).toBe(
    '2 | LOAD a FORM Small;\n           ^^^^',
  )
})

test('a place longer than its line ends with the line', () => {
  expect(showPlace('ab\ncd', { offset: 0, length: 5 })).toBe('1 | ab\n    ^^')
})

test('the end of the script, places outside of it and empty places have one caret', () => {
  expect(showPlace('LOAD', { offset: 4, length: 0 })).toBe('1 | LOAD\n        ^')
  expect(showPlace('LOAD', { offset: 99, length: 3 })).toBe('1 | LOAD\n        ^')
  expect(showPlace('', { offset: -1, length: 0 })).toBe('1 | \n    ^')
})

test('a tab takes one column, so that the caret stays under its word', () => {
  expect(showPlace('\tx', { offset: 1, length: 1 })).toBe('1 |  x\n     ^')
})

const ended = (...parameters: readonly string[]) => ({
  qErrorString: 'long',
  qLine: 'short',
  qMessage: { qMessageParameters: parameters },
})

test('an error of a reload has the rest of its line', () => {
  const script = 'a\n  bc d\ne'
  expect(problemOfReload(script, ended('script', '2', '6'))).toEqual([
    { message: 'short', span: { start: 7, end: 8 } },
  ])
  expect(problemOfReload(script, ended('script:2 after expansion', '1', '1'))).toEqual([
    { message: 'short', span: { start: 4, end: 8 } },
  ])
})

test('an error outside of the script has no place in it', () => {
  expect(problemOfReload('a', ended('lib://data/part.qvs', '1', '1'))).toEqual([])
  expect(problemOfReload('a', ended('script', '7', '1'))).toEqual([])
  expect(problemOfReload('a', ended())).toEqual([])
})
