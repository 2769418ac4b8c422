import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createApp } from '../src/app/app.ts'
import type { PivotHeading } from '../src/hypercube/pivot-headings.ts'

const dimensions = ['A', 'B', 'C', 'D'] as const
type Dimension = (typeof dimensions)[number]
type Line = Readonly<Record<Dimension, string>> & { readonly V: number }

const line: fc.Arbitrary<Line> = fc.record({
  A: fc.constantFrom('a1', 'a2', 'a3'),
  B: fc.constantFrom('b1', 'b2', 'b3'),
  C: fc.constantFrom('c1', 'c2'),
  D: fc.constantFrom('d1', 'd2'),
  V: fc.integer({ min: -5, max: 20 }),
})

/** Conditions on dimensions that one line of a pivot table stands for. */
type Condition = readonly (readonly [Dimension, string])[]

function conditions(headings: readonly PivotHeading[], of: readonly Dimension[]): Condition[] {
  const lines: Condition[] = []
  const walk = ({ kind, heading, cell, children }: PivotHeading, before: Condition): void => {
    const dimension = of[heading]
    const own: Condition =
      kind === 'total' || dimension === undefined ? before : [...before, [dimension, cell.text]]
    if (children.length === 0) lines.push(own)
    for (const child of children) walk(child, own)
  }
  for (const heading of headings) walk(heading, [])
  return headings.length === 0 ? [[]] : lines
}

const holds = (record: Line, condition: Condition): boolean =>
  condition.every(([dimension, value]) => record[dimension] === value)

test('every cell is the measure over the records of its row and column, whatever is expanded', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(line, { minLength: 1, maxLength: 25 }),
      fc.shuffledSubarray([...dimensions], { minLength: 1 }),
      fc.nat(4),
      fc.constantFrom('before' as const, 'after' as const, undefined),
      fc.array(fc.array(fc.nat(3), { minLength: 1, maxLength: 2 }), { maxLength: 4 }),
      fc.constantFrom('only' as const, 'except' as const),
      fc.option(fc.constantFrom('b1', 'b2'), { nil: undefined }),
      async (records, chosen, split, totals, paths, mode, selected) => {
        const script = `T: LOAD * INLINE [\nA,B,C,D,V\n${records
          .map(({ A, B, C, D, V }) => [A, B, C, D, V].join(','))
          .join('\n')}\n];`
        const app = await createApp({ script })
        if (selected !== undefined && records.some(({ B }) => B === selected))
          app.field('B').select([selected])
        const visible =
          app.field('B').counts().selected === 0
            ? records
            : records.filter(({ B }) => B === selected)
        const rows = chosen.slice(0, split)
        const columns = chosen.slice(split)
        const table = app
          .pivot({
            rows,
            columns,
            measures: ['Sum(V)', 'Max(V)'],
            measuresIn: 'columns',
            expanded: { rows: { mode, paths }, columns: { mode, paths } },
            ...(totals === undefined ? {} : { totals }),
          })
          .read()
        const cells = table.page()
        const down = conditions(table.rowHeadings, chosen)
        const over = conditions(table.columnHeadings, chosen)
        expect(cells.length).toBe(down.length)
        for (const [r, row] of down.entries())
          for (const [c, column] of over.entries()) {
            const own = visible.filter((record) => holds(record, [...row, ...column]))
            const values = own.map(({ V }) => V)
            // The measures are the innermost headings of the columns.
            const expected =
              c % 2 === 0 ? values.reduce((sum, value) => sum + value, 0) : Math.max(...values)
            const cell = cells[r]?.[c]
            if (own.length === 0) expect(cell).toBeNull()
            else expect(cell?.number).toBe(expected)
          }
        // Nothing is shown twice, and every record has its cell.
        const names = down.map((condition) => JSON.stringify(condition))
        if (totals === undefined) {
          expect(new Set(names).size).toBe(names.length)
          for (const record of visible)
            expect(down.filter((condition) => holds(record, condition)).length).toBe(1)
        }
        app.close()
      },
    ),
    { numRuns: 300, seed: 20261124 },
  )
})
