import { defaultFormatSettings, neverCancelled, type TableReader } from '@lichen/engine'
import { expect, test } from 'vitest'
import { allowedAddresses } from './allowed-addresses.ts'
import { webReader } from './web-reader.ts'

test.each([
  ['data.example.com', 'https://data.example.com/x.csv', true],
  ['data.example.com', 'http://data.example.com/x.csv', true],
  ['data.example.com', 'https://DATA.example.com:443/x.csv', true],
  ['data.example.com', 'https://data.example.com:8443/x.csv', false],
  ['data.example.com', 'https://data.example.com./x.csv', false],
  ['data.example.com', 'https://evil-data.example.com/x.csv', false],
  ['data.example.com', 'https://data.example.com.evil.org/x.csv', false],
  ['data.example.com', 'https://data.example.com@evil.org/x.csv', false],
  ['data.example.com', 'https://user:pass@data.example.com/x.csv', false],
  ['data.example.com', 'https://evil.org/?data.example.com', false],
  ['data.example.com', 'ftp://data.example.com/x.csv', false],
  ['https://data.example.com', 'http://data.example.com/x.csv', false],
  ['https://data.example.com/', 'https://data.example.com/x.csv', true],
  ['data.example.com:8443', 'https://data.example.com:8443/x.csv', true],
  ['data.example.com:8443', 'https://data.example.com/x.csv', false],
  ['*.example.com', 'https://a.b.example.com/x.csv', true],
  ['*.example.com', 'https://example.com/x.csv', false],
  ['*.example.com', 'https://badexample.com/x.csv', false],
  ['bücher.example', 'https://xn--bcher-kva.example/x.csv', true],
  ['bücher.example', 'https://BÜCHER.example/x.csv', true],
  // A Cyrillic letter that looks like a Latin one.
  ['paypal.example', 'https://p\u0430ypal.example/x.csv', false],
  ['127.0.0.1', 'http://2130706433/x.csv', true],
  ['127.0.0.1', 'http://0x7f.1/x.csv', true],
  ['[::1]:8080', 'http://[0:0:0:0:0:0:0:1]:8080/x.csv', true],
])('%s: %s is %s', (entry, address, allowed) => {
  expect(allowedAddresses([entry])(new URL(address))).toBe(allowed)
})

test.each(['', '*', 'https://', 'a b', 'user@host', 'host/path', 'ftp://host', '*.*.host', 'a?b'])(
  '%j is no entry',
  (entry) => {
    expect(() => allowedAddresses([entry])).toThrow(/names no host/)
  },
)

const asked: string[] = []
const reader: TableReader = webReader({
  allow: ['data.example.com'],
  fetch: async (input) => {
    asked.push(String(input))
    return new Response(String(input).includes('missing') ? null : 'A,B\n1,2\n', {
      status: String(input).includes('missing') ? 404 : 200,
    })
  },
})
const open = (path: string) =>
  reader.open(path, { options: new Map() }, defaultFormatSettings, neverCancelled)

test('an address on the list is read; its format stands before the query', async () => {
  const path = 'https://data.example.com/a b/x.csv?year=2024&key=hunter2#top'
  expect((await open(path)).fields).toEqual(['A', 'B'])
  expect(asked.at(-1)).toBe('https://data.example.com/a%20b/x.csv?year=2024&key=hunter2')
  expect(await reader.resolve(path)).toEqual([path])
  expect(await reader.file?.(path)).toMatchObject({ bytes: 8 })
  expect(await reader.readText?.(path)).toBe('A,B\n1,2\n')
})

test('nothing else is asked', async () => {
  const before = asked.length
  for (const path of [
    'https://other.example.com/x.csv',
    'https://data.example.com\\@other.example.com/x.csv',
    'https://data.example.com\t/x.csv',
    'https://data.example.com/x\0.csv',
  ]) {
    await expect(open(path)).rejects.toMatchObject({ code: 'access-denied' })
    await expect(reader.resolve(path)).rejects.toMatchObject({ code: 'access-denied' })
    await expect(reader.file?.(path)).rejects.toMatchObject({ code: 'access-denied' })
    await expect(reader.readText?.(path)).rejects.toMatchObject({ code: 'access-denied' })
  }
  for (const path of ['x.csv', 'lib://data/x.csv', 'file:///etc/passwd', 'https://'])
    await expect(open(path)).rejects.toMatchObject({ code: 'source-not-found' })
  expect(asked).toHaveLength(before)
})

test('the query, which may hold a key, is in no error', async () => {
  for (const path of ['missing.csv?key=hunter2', 'x.unknown?key=hunter2', 'x?key=hunter2.csv'])
    await expect(open(`https://data.example.com/${path}`)).rejects.toThrow(
      /^(?!.*hunter2).*data\.example\.com/,
    )
})
