import { LichenError, neverCancelled, type Value } from '@lichen/engine'
import { expect, test } from 'vitest'
import { bytesSource } from '../byte-source.ts'
import { openJson } from './index.ts'

async function read(json: string | Uint8Array, table?: string): Promise<Record<string, Value[]>> {
  const bytes = typeof json === 'string' ? new TextEncoder().encode(json) : json
  const source = await openJson(bytesSource('x.json', bytes), table, neverCancelled)
  const columns: Record<string, Value[]> = Object.fromEntries(
    source.fields.map((name) => [name, []]),
  )
  for await (const batch of source.batches([...source.fields.keys()], neverCancelled))
    batch.columns.forEach((column, i) => {
      if (column.kind === 'dictionary')
        for (const code of column.codes)
          columns[source.fields[i] ?? '']?.push(column.dictionary[code - 1] ?? null)
    })
  return columns
}

const sample = '[{"a":1,"b":"x]"},{"b":"\\"é","c":true},{"a":null,"d":{"e":[1]}}]'

test('keys in order of first appearance, missing is NULL', async () => {
  expect(await read(sample)).toEqual({
    a: [1, null, null],
    b: ['x]', '"é', null],
    c: [null, -1, null],
    d: [null, null, '{"e":[1]}'],
  })
})
test('NDJSON, a path, arrays and long integers', async () => {
  expect(await read('{"a":1}\n{"a":"01"}\n')).toEqual({ a: [1, '01'] })
  expect(await read('{"p":{"q":[{"a":1},{"a":2}]}}', 'p.q')).toEqual({ a: [1, 2] })
  expect(await read('[[1,"x"],[2]]')).toEqual({ '@1': [1, 2], '@2': ['x', null] })
  expect(await read('[{"id":12345678901234567890,"t":"12345678901234567890"}]')).toEqual({
    id: ['12345678901234567890'],
    t: ['12345678901234567890'],
  })
  await expect(read('{"p":1}', 'q')).rejects.toMatchObject({ code: 'table-not-found' })
})
test('cut off anywhere it is malformed, too deep it is over budget', async () => {
  const bytes = new TextEncoder().encode(sample)
  for (let end = 1; end < bytes.length; end++)
    await expect(read(bytes.slice(0, end))).rejects.toMatchObject({ code: 'source-malformed' })
  await expect(read('['.repeat(5000))).rejects.toMatchObject({ code: 'budget-exceeded' })
})
test('with any bit flipped it reads or fails with a typed error', async () => {
  const bytes = new TextEncoder().encode(sample)
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const damaged = bytes.slice()
    damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    const outcome = await read(damaged).catch((error: unknown) => error)
    expect(outcome instanceof Error && !(outcome instanceof LichenError)).toBe(false)
  }
})
