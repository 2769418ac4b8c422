import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createAllocator } from '../storage/allocator.ts'
import { Dual, numberOf, type Value } from '../value/dual.ts'
import { distinctStage } from './distinct-stage.ts'
import { RunState } from './run-state.ts'
import { rowReader, type StageBatch } from './stage.ts'
import { newDictionaries } from './values.ts'

const seed = Number(process.env.LICHEN_SEED ?? 20261124)
const numRuns = Number(process.env.LICHEN_RUNS ?? 200)

test('the first of equal records passes, however the batches hold them', async () => {
  const value: fc.Arbitrary<Value> = fc.oneof(
    fc.constantFrom(null, '1', 'a', ''),
    fc.integer({ min: 0, max: 3 }),
    fc.integer({ min: 0, max: 2 }).map((number) => new Dual(`n${number}`, number)),
  )
  const batch = fc.array(fc.tuple(value, value), { maxLength: 12 })
  const property = fc.asyncProperty(
    fc.array(fc.tuple(batch, fc.boolean()), { maxLength: 4 }),
    async (given) => {
      const state = new RunState({ allocator: createAllocator() })
      const columns = (records: readonly (readonly Value[])[], coded: boolean): StageBatch => ({
        rows: records.length,
        columns: [0, 1].map((field) => {
          const values = records.map((record) => record[field] ?? null)
          if (!coded) return { kind: 'values', values }
          const codes = Uint8Array.from(values, (each, row) => (each === null ? 0 : row + 1))
          return { kind: 'dictionary', codes, dictionary: values, format: null }
        }),
      })
      const source = {
        fields: ['A', 'B'],
        rows: undefined,
        async *batches() {
          for (const [records, coded] of given) yield columns(records, coded)
        },
      }
      const seen = new Set<string>()
      const expected = given
        .flatMap(([records]) => records)
        .filter((record) => {
          const key = JSON.stringify(
            record.map((each) =>
              typeof each === 'string' || each === null ? each : numberOf(each),
            ),
          )
          return !seen.has(key) && seen.add(key)
        })
      const passed: Value[][] = []
      for await (const { rows, columns } of distinctStage(source, state).batches([0, 1])) {
        const readers = columns.map((column) =>
          rowReader(column, newDictionaries(state.space.settings)),
        )
        for (let row = 0; row < rows; row++) passed.push(readers.map((read) => read(row)))
      }
      expect(passed).toEqual(expected)
    },
  )
  await fc.assert(property, { seed, numRuns })
})
