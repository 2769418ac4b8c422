import { defaultFormatSettings, neverCancelled } from '@lichen/engine'
import { expect, test } from 'vitest'
import { bytesSource } from './byte-source.ts'
import { fileReader } from './reader.ts'

const contents: Readonly<Record<string, Uint8Array | string>> = {
  a: Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1),
  'b.csv': Uint8Array.of(0x09, 0x08, 0x10, 0, 0, 6, 5, 0),
  'c.txt': 'TABLE\r\n0,1\r\n"EXCEL"\r\nVECTORS\r\n0,3\r\n',
  'd.dat': '<?xml version="1.0"?>\n<QvxTableHeader><MajorVersion>1</MajorVersion></QvxTableHeader>',
  'e.xls': 'A\tB\n',
  'f.dif': 'TABLE',
  'g.csv': 'TABLE\n1\n',
}
const reader = fileReader(
  new Map(
    Object.entries(contents).map(([name, content]) => [
      name,
      bytesSource(name, typeof content === 'string' ? new TextEncoder().encode(content) : content),
    ]),
  ),
)
const open = (path: string, format?: string) =>
  reader.open(
    path,
    { options: new Map(), ...(format === undefined ? {} : { format }) },
    defaultFormatSettings,
    neverCancelled,
  )

test('formats that are not read are known by their first bytes, extension or clause, and told with a way out', async () => {
  for (const [path, format, wayOut] of [
    ['a', undefined, '.xlsx'],
    ['b.csv', undefined, '.xlsx'],
    ['c.txt', undefined, 'CSV'],
    ['d.dat', undefined, 'QVD'],
    ['e.xls', undefined, '.xlsx'],
    ['f.dif', undefined, 'CSV'],
    ['g.csv', 'biff', '.xlsx'],
    ['g.csv', 'dif', 'CSV'],
    ['g.csv', 'qvx', 'QVD'],
  ] as const)
    await expect(open(path, format), path).rejects.toMatchObject({
      code: 'source-unsupported',
      message: expect.stringContaining(wayOut),
    })
  expect((await open('g.csv')).fields).toEqual(['TABLE'])
  expect((await open('e.xls', 'txt')).fields).toEqual(['A\tB'])
})
