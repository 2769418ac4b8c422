import { defaultFormatSettings, type FormatClause, neverCancelled } from '@lichen/engine'
import { describe, expect, test } from 'vitest'
import { bytesSource } from './byte-source.ts'
import { fileReader } from './reader.ts'

const encoder = new TextEncoder()

/** Records of a tail as texts, or undefined. */
async function tail(
  text: string | Uint8Array,
  from: number,
  items: readonly (readonly [string, string | true])[] = [],
  name = 'log.csv',
): Promise<unknown> {
  const bytes = typeof text === 'string' ? encoder.encode(text) : text
  const reader = fileReader(new Map([[name, bytesSource(name, bytes)]]))
  const clause: FormatClause = { options: new Map(items) }
  const open = await reader.openTail?.(name, clause, defaultFormatSettings, neverCancelled, from)
  if (open === undefined) return undefined
  const records: string[][] = []
  for await (const { rows, columns } of open.batches([...open.fields.keys()], neverCancelled))
    for (let row = 0; row < rows; row++)
      records.push(
        columns.map((column) =>
          column.kind === 'text'
            ? new TextDecoder().decode(
                column.bytes.subarray(column.starts[row] ?? 0, column.ends[row] ?? 0),
              )
            : '?',
        ),
      )
  return { fields: open.fields, records, bytes: open.file?.bytes }
}

describe('the tail of a text file', () => {
  test('has the names of its head', async () => {
    expect(await tail('a,b\n1,2\n3,4\n', 8)).toEqual({
      fields: ['a', 'b'],
      records: [['3', '4']],
      bytes: 12,
    })
    expect(
      await tail('# c\n#\na;b\n1;2\n3;"4\n5"\n', 14, [
        ['header', '2 lines'],
        ['delimiter', ';'],
      ]),
    ).toMatchObject({ fields: ['a', 'b'], records: [['3', '4\n5']] })
    expect(await tail('1\t2\n3\t4\n', 4, [['no labels', true]], 'x.tsv')).toMatchObject({
      fields: ['@1', '@2'],
      records: [['3', '4']],
    })
  })

  test('is not taken where no record begins, nor of other records or files', async () => {
    expect(await tail('a,b\n1,2\n3,4\n', 7)).toBeUndefined()
    expect(await tail('a,b\n1,2\n3,4,5\n', 8)).toBeUndefined()
    expect(await tail('a,b\n1,2\n', 9)).toBeUndefined()
    expect(await tail('a,b\n1,2\n', 0)).toBeUndefined()
    expect(await tail('{"a":1}\n{"a":2}\n', 8, [], 'x.ndjson')).toBeUndefined()
    const wide = new Uint8Array(new Uint16Array([0xfeff, 97, 10, 49, 10, 50, 10]).buffer)
    expect(await tail(wide, 10)).toBeUndefined()
    expect(await tail('a\n1\n2\n', 4, [['codepage', '1200']])).toBeUndefined()
  })
})
