import { describe, expect, test } from 'vitest'
import type { XmlLimits } from './limits.ts'
import { TextBytes } from './text-bytes.ts'
import { XmlReader, xmlToken } from './xml-reader.ts'

const defaultLimits: XmlLimits = { depth: 256, tokenBytes: 4 << 20 }

/** The tokens of a document as text, pushed in chunks of `size` bytes. */
function tokens(
  text: string | Uint8Array,
  size = 1 << 20,
  limits: Partial<XmlLimits> = {},
): string[] {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text
  const xml = new XmlReader('x', { ...defaultLimits, ...limits })
  const all: string[] = []
  const drain = (): void => {
    for (let token = xml.next(); token !== xmlToken.more; token = xml.next()) {
      const name = new TextDecoder().decode(xml.bytes.subarray(xml.start, xml.end))
      if (token === xmlToken.text) {
        const decoded = new TextBytes()
        xml.appendText(decoded)
        all.push(`'${decoded.textFrom(0)}'`)
      } else if (token === xmlToken.close) all.push(`/${xml.depth}`)
      else {
        all.push(`${name}${xml.depth}`)
        for (const [key, value] of xml.attributes()) all.push(`${key}=${value}`)
      }
    }
  }
  for (let at = 0; at < bytes.length; at += size) {
    xml.push(bytes.subarray(at, at + size))
    drain()
  }
  xml.close()
  drain()
  return all
}

const sample =
  '\ufeff<?xml version="1.0" encoding="utf-8"?>\n<!-- a -- > <b> -->\n<a:r xmlns:a="x" a:k = "1 &gt; &quot;&#xe9;" j=\'"/>\'><b/>t&lt;\r\nü<![CDATA[<]]&amp;]]]]><c ><?p ?></c >\n</a:r>\n<!---->\n'
const expected = [
  'r1',
  'k=1 > "é',
  'j="/>',
  'b2',
  '/2',
  "'t<\nü'",
  "'<]]&amp;]]'",
  'c2',
  '/2',
  "'\n'",
  '/1',
]

describe('XmlReader', () => {
  test('elements, attributes, text, CDATA and what is passed over, in chunks of any size', () => {
    for (let size = 1; size < 40; size++) expect(tokens(sample, size)).toEqual(expected)
    expect(tokens(sample)).toEqual(expected)
  })
  test('what is not well-formed is malformed', () => {
    for (const text of [
      '',
      ' ',
      'x',
      '<',
      '<a',
      '<a>',
      '<a/><b/>',
      '</a>',
      '<a></b>',
      '<a></a></a>',
      '<a/>x',
      'x<a/>',
      '< a/>',
      '<a/ >',
      '<>',
      '</>',
      '<!DOCTYPE a><a/>',
      '<!ENTITY x "y"><a/>',
      '<a><!DOCTYPE b></a>',
      '<![CDATA[x]]><a/>',
      '<a><!',
      '<a><!--</a>',
      '<a><![CDATA[</a>',
      '<?x <a/>',
      '<a>&x;</a>',
      '<a>&lt</a>',
      '<a>&#0;</a>',
      '<a>&#xD800;</a>',
      '<a>&#x110000;</a>',
      '<a>&#;</a>',
      '<a>&#x;</a>',
      '<a>&#1a;</a>',
      '<a>&;</a>',
      '<a b/>',
      '<a b=/>',
      '<a b=c/>',
      '<a b="c/>',
      '<a b="<"/>',
      '<a <b/></a>',
      '<a\0/>',
      '<a"b"/>',
    ])
      expect(() => tokens(text), text).toThrow(/damaged XML/)
  })
  test('other encodings are not read', () => {
    for (const text of [
      '<?xml version="1.0" encoding="ISO-8859-1"?><a/>',
      Uint8Array.of(0xff, 0xfe, 0x3c, 0),
      Uint8Array.of(0xfe, 0xff, 0, 0x3c),
    ])
      expect(() => tokens(text)).toThrow(/save it anew as UTF-8/)
  })
  test('limits of depth and of a token, one below, at and above', () => {
    const nested = (depth: number): string => '<a>'.repeat(depth) + '</a>'.repeat(depth)
    expect(tokens(nested(255))).toHaveLength(510)
    expect(tokens(nested(256))).toHaveLength(512)
    expect(() => tokens(nested(257))).toThrow(/deeper than 256/)
    expect(() => tokens('<a>'.repeat(100_000), 1000)).toThrow(/deeper than 256/)
    const long = (length: number): string => `<a>${'x'.repeat(length)}</a>`
    const read = (length: number): string[] => tokens(long(length), length + 3, { tokenBytes: 100 })
    expect(read(99)).toHaveLength(3)
    expect(read(100)).toHaveLength(3)
    expect(() => read(101)).toThrow(/too long/)
  })
  test('a long token costs its length, not its square', () => {
    const text = 'x'.repeat(4_000_000)
    expect(tokens(`<a b="${text}">${text}<!--${text}--></a>`, 64)).toHaveLength(4)
  })
})

describe('TextBytes', () => {
  const finished = (text: string): string => {
    const bytes = new TextBytes(1)
    const raw = new TextEncoder().encode(text)
    bytes.append(raw, 0, raw.length)
    expect(bytes.finishText(0)).toBe(true)
    return bytes.textFrom(0)
  }
  test('escapes of characters XML cannot hold', () => {
    expect(finished('a_x000D__x000a_b')).toBe('a\r\nb')
    expect(finished('_x005F_x000D_')).toBe('_x000D_')
    expect(finished('_xD83D__xDE00_ _xD83D_ _x20AC_ü')).toBe('\u{1f600} \ufffd €ü')
    expect(finished('_x00_ _x000G_ _x0041')).toBe('_x00_ _x000G_ _x0041')
  })
  test('tells what is not UTF-8', () => {
    const bytes = new TextBytes()
    bytes.append(Uint8Array.of(0x61, 0xc3), 0, 2)
    expect(bytes.finishText(0)).toBe(false)
  })
})
