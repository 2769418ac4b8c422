import { describe, expect, it } from 'vitest'
import { call } from './call-for-tests.ts'

// https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/Scripting/StringFunctions/string-functions.htm
describe('string functions', () => {
  it.each([
    ["Capitalize('my little pony')", 'My Little Pony'],
    ["Capitalize('AA bb cC Dd')", 'Aa Bb Cc Dd'],
    ["Capitalize('washingTon d.C.')", 'Washington D.C.'],
    ["Capitalize('a-ha')", 'A-Ha'],
    ["Capitalize('50 Cent')", '50 Cent'],
    ["Capitalize('3.5km')", '3.5km'],
    ["Capitalize('')", ''],
    ['Capitalize(Null())', null],
    ['Chr(65)', 'A'],
    ['Chr(-1)', null],
    ["FindOneOf('my example text string', 'et%s')", 4],
    ["FindOneOf('my example text string', 'et%s', 3)", 12],
    ["FindOneOf('my example text string', 'ZQ')", 0],
    ["Index('abcdefg', 'cd')", 3],
    ["Index('abcdabcd', 'b', 2)", 6],
    ["Index('abcdabcd', 'b', -2)", 2],
    ["Index('abc', 'x')", 0],
    ["Index('a😀b', 'b')", 3],
    ["KeepChar('a1b2c3', '123')", '123'],
    ["PurgeChar('a1b2c3', '123')", 'abc'],
    ["Left('abcdef', 3)", 'abc'],
    ["Left('😀bc', 2)", '😀b'],
    ["Left('abc', -1)", ''],
    ['Left(Null(), 1)', null],
    ["Right('abcdef', 3)", 'def'],
    ["Right('abc', 9)", 'abc'],
    ["Mid('abcdef', 3)", 'cdef'],
    ["Mid('abcdef', 3, 2)", 'cd'],
    ["Len('Peter')", 5],
    ['Len(Null())', 0],
    ["Len('😀')", 1],
    ["Lower('ABCD')", 'abcd'],
    ["Upper('abcD')", 'ABCD'],
    ["LTrim(' abc ')", 'abc '],
    ["RTrim(' abc ')", ' abc'],
    ["Trim('  abc  ')", 'abc'],
    ["Ord('A')", 65],
    ["Ord('')", null],
    ["Repeat('*', 4)", '****'],
    ["Repeat('*', -4)", ''],
    ["Replace('abccde', 'cc', 'xyz')", 'abxyzde'],
    ["Replace('aaa', 'aa', 'a')", 'aa'],
    ["SubField('abc;cde;efg', ';', 2)", 'cde'],
    ["SubField('abc;cde;efg', ';', -1)", 'efg'],
    ["SubField(';', ';', 1)", ''],
    ["SubField('abc', ';', 2)", null],
    ["SubField('', ';', 1)", null],
    ["SubField('', ';')", null],
    ["SubField('', ';', -1)", null],
    ["SubField('', '', 1)", null],
    ["SubField(';', ';', -1)", ''],
    ["SubField('abc', '', 1)", 'abc'],
    ["SubField(Null(), ';', 1)", null],
    ["SubStringCount('abcdefgcdxyz', 'cd')", 2],
    ["TextBetween('<abc><de>', '<', '>', 2)", 'de'],
    ["TextBetween('abc', '<', '>')", null],
    ["LevenshteinDist('Kitten', 'Sitting')", 3],
    ["Len(Hash128('abc', 'xyz', '123'))", 22],
    ["Len(Hash160('abc'))", 27],
    ["Len(Hash256('abc'))", 43],
    ['Left(1234, 2)', '12'],
  ])('%s', (text, expected) => {
    expect(call(text)).toBe(expected)
  })

  it('tells lists of texts apart when hashing', () => {
    expect(call("Hash128('ab', 'c')")).not.toBe(call("Hash128('a', 'bc')"))
    expect(call("Hash256('a')")).toBe(call("Hash256('a')"))
  })

  it('refuses texts beyond the limit', () => {
    expect(() => call("Repeat('abcdefgh', 1e9)")).toThrow(
      expect.objectContaining({ code: 'budget-exceeded' }),
    )
  })
})
