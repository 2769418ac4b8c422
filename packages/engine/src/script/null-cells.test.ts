import fc from 'fast-check'
import { expect, test } from 'vitest'
import { encodeUtf8 } from '../base/utf8.ts'
import type { SourceColumn } from '../storage/source.ts'
import { NullCells } from './null-cells.ts'

const seed = Number(process.env.LICHEN_SEED ?? 20261124)
const numRuns = Number(process.env.LICHEN_RUNS ?? 300)

test('cells that are the text are missing, whatever marks tell of them', () => {
  const cell = fc.constantFrom('NULL', 'é', '', 'NULLS', 'null', '7')
  fc.assert(
    fc.property(
      fc.array(fc.array(cell, { maxLength: 12 }), { maxLength: 6 }),
      fc.constantFrom('NULL', 'é', '7'),
      fc.constantFrom(-1, 0, 1, 4),
      fc.boolean(),
      (batches, text, countsUpTo, isOther) => {
        const cells = new NullCells(text)
        let distinct = new Map<string, number>([['never seen', 1]])
        let by = {}
        for (const [index, batch] of batches.entries()) {
          if (isOther && index === 2) {
            distinct = new Map()
            by = {}
          }
          const encoded = batch.map((each) => encodeUtf8(each))
          const ends = new Uint32Array(batch.length)
          let end = 0
          for (const [i, bytes] of encoded.entries()) ends[i] = end += bytes.length
          const bytes = new Uint8Array(end)
          for (const [i, each] of encoded.entries()) bytes.set(each, ends[i]! - each.length)
          const marks = Int32Array.from(batch, (each) => {
            if (each.length > countsUpTo) return 0
            const mark = distinct.get(each) ?? distinct.size + 1
            distinct.set(each, mark)
            return mark
          })
          const most = marks.every((mark) => mark > 0) ? distinct.size : Number.POSITIVE_INFINITY
          const column: SourceColumn = {
            kind: 'text',
            bytes,
            starts: ends.map((each, i) => each - (encoded[i]?.length ?? 0)),
            ends,
            interpret: true,
            ...(countsUpTo < 0 ? {} : { marks, counted: { by, most } }),
          }
          const result = cells.column(column)
          const missing = result.kind === 'text' ? result.missing : undefined
          expect(Array.from(missing ?? new Uint8Array(batch.length))).toEqual(
            batch.map((each) => Number(each === text)),
          )
        }
      },
    ),
    { seed, numRuns },
  )
})
