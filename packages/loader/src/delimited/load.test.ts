import { createApp, neverCancelled, openDelimited } from '@lichen/engine'
import { expect, test } from 'vitest'
import { type ByteSource, bytesSource } from '../byte-source.ts'
import { fileReader } from '../reader.ts'

/** More rows than a batch of three columns holds, over more than one chunk of the file. */
const rows = 120_000
const numberOf = (row: number): number => (row * 7919) % 5003
const wordOf = (row: number): string => `w${(row * 31) % 97}`

function files(): ReadonlyMap<string, ByteSource> {
  const lines = Array.from({ length: rows }, (_, row) => {
    const word = row % 50 === 0 ? `"${wordOf(row)},""q"""` : wordOf(row)
    return `${row},${numberOf(row)},${word}\n`
  })
  const bytes = new TextEncoder().encode(`Id,N,W\n${lines.join('')}`)
  return new Map([['x.csv', bytesSource('x.csv', bytes)]])
}

async function evaluated(
  script: string,
  expressions: readonly string[],
): Promise<(number | null)[]> {
  const app = await createApp({ script, reader: fileReader(files()) })
  const values = expressions.map((expression) => app.evaluate(expression).number)
  app.close()
  return values
}

const sum = (each: (row: number) => number): number => {
  let total = 0
  for (let row = 0; row < rows; row++) total += each(row)
  return total
}

test('batches whose arrays are used again give every row what stands in the file', async () => {
  const script = 'T: LOAD Id, N, W FROM [x.csv] (txt);'
  expect(await evaluated(script, ['Count(Id)', 'Sum(Id * N)', 'Sum(Len(W))'])).toEqual([
    rows,
    sum((row) => row * numberOf(row)),
    sum((row) => wordOf(row).length + (row % 50 === 0 ? 4 : 0)),
  ])
})

test('Previous reaches into the batch before, also below a preceding LOAD', async () => {
  const script = `T: LOAD Id, P WHERE Id > 0;
    LOAD Id, Previous(N) AS P FROM [x.csv] (txt);`
  expect(await evaluated(script, ['Count(Id)', 'Sum(Id * P)'])).toEqual([
    rows - 1,
    sum((row) => (row === 0 ? 0 : row * numberOf(row - 1))),
  ])
})

/** The first row of each batch but the first. */
async function firstRows(): Promise<number[]> {
  const chunks = [...files().values()].map((file) => file.stream(neverCancelled))
  const firsts: number[] = []
  for (const stream of chunks) {
    const source = await openDelimited(stream)
    let before = 0
    for await (const batch of source.batches([0, 1, 2])) {
      if (before > 0) firsts.push(before)
      before += batch.rows
      batch.release()
    }
  }
  return firsts
}

test('Previous reads a field of the batch before that nobody read there', async () => {
  const firsts = await firstRows()
  expect(firsts.length).toBeGreaterThan(1)
  const script = `T: LOAD Id, W, If(Match(Id, ${firsts.join()}), Previous(N), 0) AS P FROM [x.csv] (txt);`
  expect(await evaluated(script, ['Count(Id)', 'Sum(Id * P)'])).toEqual([
    rows,
    sum((row) => (firsts.includes(row) ? row * numberOf(row - 1) : 0)),
  ])
})
