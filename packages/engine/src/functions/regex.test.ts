import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { call } from './call-for-tests.ts'
import { Regex } from './regex.ts'

const seed = Number(process.env.LICHEN_SEED ?? 20261124)
const numRuns = Number(process.env.LICHEN_RUNS ?? 500)

/**
 * Patterns of the shared syntax, built from small parts. What can match nothing is not repeated: there the language has a rule of
 * its own about rounds that read nothing.
 */
const pattern = fc.letrec<{ all: string; atom: string }>((tie) => ({
  atom: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '\\d', '\\w', '\\b', '^', '$'),
    tie('all').map((inner) => `(${inner})`),
    tie('all').map((inner) => `(?:${inner})`),
  ),
  all: fc
    .array(
      fc.tuple(tie('atom'), fc.constantFrom('', '', '', '*', '+', '?', '{2}', '{1,2}', '*?', '+?')),
      { minLength: 1, maxLength: 4 },
    )
    .chain((parts) =>
      fc.constantFrom(
        parts.map(([atom, count]) => (repeatable(atom) ? atom + count : atom)).join(''),
        parts.map(([atom]) => atom).join('|'),
      ),
    ),
})).all

function repeatable(atom: string): boolean {
  return !/[\^$]|\\b/.test(atom.replaceAll('[^a]', '')) && !new RegExp(`^(?:${atom})$`).test('')
}

describe('Regex', () => {
  it('finds what the regular expressions of the language find', () => {
    fc.assert(
      fc.property(
        pattern,
        fc.string({ unit: fc.constantFrom('a', 'b', '1', ' '), maxLength: 10 }),
        (source, text) => {
          const ours = [...(Regex.compile(source, false)?.matches([...text]) ?? [])].map(
            ([start, end]) => [start, end],
          )
          const theirs = [...text.matchAll(new RegExp(source, 'gsu'))].map((match) => [
            match.index,
            match.index + match[0].length,
          ])
          expect(ours).toEqual(theirs)
        },
      ),
      { seed, numRuns },
    )
  })

  it('stays linear on patterns that make others hang', () => {
    const regex = Regex.compile('(a*)*b', false)
    const started = Date.now()
    expect(regex?.matches([...'a'.repeat(2000)]).next().done).toBe(true)
    expect(Date.now() - started).toBeLessThan(3000)
  })

  it.each(['(', 'a)', '[a', 'a{2', '*', '(?=a)', '(a)\\1', 'a{9999}', '((((a{99}){99}){99}){99})'])(
    'refuses %s',
    (source) => {
      expect(Regex.compile(source, false)).toBeUndefined()
    },
  )
})

// https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/Scripting/StringFunctions/string-functions.htm
describe('functions of regular expressions and JSON', () => {
  it.each([
    ["SubFieldRegEx('a,b c;1 2,3', ' |,|;', 1)", 'a'],
    ["SubFieldRegEx('a,b c;1 2,3', ' |,|;', -1)", '3'],
    ["ExtractRegEx('abc 12 de 345', '[0-9]+', 2)", '345'],
    ["ExtractRegEx('abc', '[0-9]+')", null],
    ["ExtractRegExGroup('a=1, b=2', '([a-z])=([0-9])', 2, 2)", '2'],
    ["CountRegEx('abcABC', '[a-c]')", 3],
    ["CountRegExI('abcABC', '[a-c]')", 6],
    ["IndexRegEx('😀a1', '[0-9]')", 3],
    ["IndexRegExGroup('x=5', '(x)=([0-9])', 2)", 3],
    ["ReplaceRegEx('a1b22', '[0-9]+', '#')", 'a#b#'],
    ["ReplaceRegEx('a1b22', '[0-9]+', '#', 2)", 'a1b#'],
    ["ReplaceRegExGroup('k=v', '(k)=(v)', 'x', 2)", 'k=x'],
    ["MatchRegEx('abc', 'x', 'b')", 0],
    ["MatchRegEx('abc', 'x', 'ab', '^abc$')", 3],
    ["MatchRegEx('ab', 'a|ab')", 1],
    ["MatchRegEx('', 'a', 'a*')", 2],
    ["MatchRegEx('', '')", 1],
    ["MatchRegEx('a', Null(), '(', 'a')", 3],
    ["MatchRegEx('', Null())", 0],
    ["MatchRegEx(Null(), '.*')", 0],
    ["MatchRegEx('ABC', 'abc')", 0],
    ["MatchRegExI('ABC', 'ab', 'abc')", 2],
    ["CountRegEx('abc', 'b')", 1],
    ["IsRegEx('(a')", 0],
    ["IsRegEx('(a)')", -1],
    ["IsRegEx('(a)', 1)", -1],
    ["IsRegEx('(a', Null())", 0],
    ['IsRegEx(Null(), 1)', 0],
    ["IsRegExI('[a-z')", 0],
    ["ExtractRegEx('a', '(')", null],
    ["IsJson('%text%', 'text')", 0],
    ["IsJson('%text%', 'string')", -1],
    ["IsJson('{')", 0],
    ["JsonGet('{%a%:{%b/c%:[1,2]}}', '/a/b~1c/1')", '2'],
    ["JsonGet('{%a%:1}', '/b')", null],
    ["JsonSet('%abc%', '', '123')", '123'],
    ["JsonSet('{%a%:{%b%:1}}', '/a/b', '%x%')", '{%a%:{%b%:%x%}}'],
    ["JsonSet('{%a%:{%b%:%c%}}', 'a/b', '%x%')", null],
    ["JsonSet('{%a%:%b%}', '/a', 'abc')", null],
    ["JsonSet('[1]', '/-', '2')", '[1,2]'],
    ["JsonSet('{}', '/__proto__', '1')", '{%__proto__%:1}'],
    [
      "JsonSetEx('{%fax%:123}', '/name', 'Jane', '/phone', 123456)",
      '{%fax%:123,%name%:%Jane%,%phone%:123456}',
    ],
    ["JsonSetEx('{%fax%:123}', '/name', 'Jane', '/fax', Null())", '{%name%:%Jane%}'],
    ["JsonSetEx('{%fax%:123}', '/fax', '1 234 568')", '{%fax%:%1 234 568%}'],
    ["JsonSetEx('{%a%:[1,2,3]}', '/a/1', Null(), '/b', Null())", '{%a%:[1,3]}'],
    ["JsonSetEx('{}', '/a/b', 1)", null],
    ["JsonSetEx('{}', 'a', 1)", null],
    ["JsonSetEx('{}', '/a', 1, '/b')", null],
    ["JsonSetEx('{', '/a', 1)", null],
    ["JsonSetEx('{}', '', 'x')", '%x%'],
    ["JsonArray(1, 'a', Null())", '[1,%a%,null]'],
    ["JsonObject('k', 1)", '{%k%:1}'],
    ["JsonObject('k', Null())", '{}'],
    ["JsonObject('a', Null(), 'b', '', 'c', 0)", '{%b%:%%,%c%:0}'],
    ["JsonObject('a', 1, 'a', Null())", '{%a%:1}'],
    ['JsonObject()', '{}'],
  ])('%s', (text, expected) => {
    const quoted = typeof expected === 'string' ? expected.replaceAll('%', '"') : expected
    expect(call(text.replaceAll('%', '"'))).toBe(quoted)
  })

  it.each([
    ["IsRegEx(']0-1[', 1)", /character 5 of 5 or before/],
    ["IsRegEx('*a', 'x')", /character 1 of 2 or before/],
    ["IsRegEx('a)b', 0)", /character 2 of 3 or before/],
    ["IsRegExI('(a', 1)", /brackets that do not pair/],
    ["IsRegEx('((a{1000}){1000})', 1)", /repeats too much/],
    [`IsRegEx('${'a'.repeat(2001)}', 1)`, /more than 2000 characters/],
  ])('%s tells what is wrong', (text, hint) => {
    expect(call(text)).toMatch(hint)
  })
})
