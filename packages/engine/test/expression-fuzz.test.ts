import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseExpression } from '../src/expression/parser.ts'
import { printExpression } from '../src/expression/printer.ts'
import { withoutSpans } from '../src/expression/random-ast-for-tests.ts'
import { type App, createApp, ExpressionError, LichenError, type Span } from '../src/index.ts'
import { readCases } from './conformance/cases.ts'
import { schemas } from './oracle/chart-data.ts'
import { arbitraryMeasure, fitted } from './oracle/chart-expressions.ts'
import { textOfTree } from './oracle/chart-tree.ts'
import { arbitraryText } from './oracle/expression-text.ts'

/*
 * Any text is an expression or a mistake with a place in it: nothing else is thrown, and how much is done has a limit. What parses is printed
 * to a text that parses to the same.
 */

const seed = Number(process.env.LICHEN_SEED ?? 20261124)
const numRuns = Number(process.env.LICHEN_RUNS ?? 20_000)

const documented = [
  ...readCases(new URL('conformance/cases', import.meta.url).pathname).values(),
].flatMap((cases) =>
  cases.flatMap(({ expression, cube }) => [
    ...(expression === undefined ? [] : [expression]),
    ...(cube?.measures ?? []),
  ]),
)
const generated = schemas.flatMap((schema) =>
  fc
    .sample(arbitraryMeasure(schema), { seed, numRuns: 100 })
    .map((tree) => textOfTree(fitted(tree, []))),
)
const originals: readonly string[] = [...documented, ...generated]
const texts = arbitraryText(originals)

/** More looks at the signal than any text of this test takes. */
const mostLooks = 10_000

/** A signal that gives up by count, not by time. */
function limited(): { readonly signal: { readonly aborted: boolean } } {
  let looks = 0
  return {
    signal: {
      get aborted() {
        looks += 1
        return looks > mostLooks
      },
    },
  }
}

function namesIn(tree: unknown, names: Set<string>): void {
  if (typeof tree !== 'object' || tree === null) return
  if ('kind' in tree && tree.kind === 'field' && 'name' in tree) names.add(String(tree.name))
  for (const part of Object.values(tree)) namesIn(part, names)
}

/** A model in which the fields of the correct expressions exist, linked to a second table. */
function opened(): App {
  const names = new Set(['A', 'B', 'T', 'K', 'Sub Kind'])
  for (const text of originals) namesIn(parseExpression({ name: 'original', text }).ast, names)
  names.delete('')
  const cells = [1, 'b', null, 2.5, 'x*', 45_306]
  const rows = cells.map((_, row) =>
    Object.fromEntries([...names].map((name, at) => [name, cells[(row + at) % cells.length]])),
  )
  const app = createApp({
    tables: {
      Facts: rows,
      Keys: [
        { K: 1, L: 'l' },
        { K: 'b', L: 'm' },
      ],
    },
    limits: { maxGroups: 1000, maxJoinedRecords: 10_000 },
  })
  const variables = {
    v: 'Sum(A)',
    self: '$(self)+1',
    double: '$(double)$(double)',
    sum: '$1+$2',
    value: '=Sum(A)',
  }
  for (const [name, definition] of Object.entries(variables)) app.setVariable(name, definition)
  app.field('B').select(['b', '2.5'])
  return app
}

const app: App = opened()

function expectInside({ start, end }: Span, text: string): void {
  // After an expansion places are in a text that is not shown here.
  const last = text.includes('$(') ? Number.POSITIVE_INFINITY : text.length
  if (!(start >= 0 && start <= end && end <= last))
    throw new Error(`The place ${start}–${end} is not in the text of ${text.length} characters`)
}

function expectKnown(error: unknown, text: string): void {
  if (!(error instanceof LichenError) || error.code === 'internal' || error.code === 'cancelled')
    throw error
  if (error instanceof ExpressionError) expectInside(error.span, text)
}

test(`a text is an expression or a mistake with a place in it (seed ${seed}, ${numRuns} texts)`, {
  timeout: 120_000,
}, () => {
  fc.assert(
    fc.property(texts, (text) => {
      const { ast, diagnostics } = parseExpression({ name: 'text', text })
      expectInside(ast.span, text)
      for (const { span } of diagnostics) expectInside(span, text)
      if (diagnostics.length === 0) {
        const printed = printExpression(ast)
        const again = parseExpression({ name: 'printed', text: printed })
        expect(again.diagnostics).toEqual([])
        // Equal trees are printed alike, but unequal ones may be too.
        expect(JSON.stringify(withoutSpans(again.ast))).toBe(JSON.stringify(withoutSpans(ast)))
        expect(printExpression(again.ast)).toBe(printed)
      }
      for (const { span } of app.check(text)) expectInside(span, text)
      // Without an expansion, what does not parse fails as `check` says; charts below evaluate that too.
      if (diagnostics.length > 0 && !text.includes('$(')) return
      try {
        app.evaluate(text, limited())
      } catch (error) {
        expectKnown(error, text)
      }
    }),
    { seed, numRuns },
  )
})

const cubeRuns = Math.ceil(numRuns / 20)

test(`a chart says which of its columns is a mistake (seed ${seed}, ${cubeRuns} charts)`, {
  timeout: 120_000,
}, () => {
  fc.assert(
    fc.property(texts, texts, (dimension, measure) => {
      const cube = app.cube({ dimensions: ['K', `=${dimension}`], measures: ['Sum(A)', measure] })
      try {
        const { rows, dimensions, measures, page } = cube.read(limited())
        page(0, rows)
        if (dimensions[1]?.error !== undefined) expectKnown(dimensions[1].error, `=${dimension}`)
        if (measures[1]?.error !== undefined) expectKnown(measures[1].error, measure)
        expect(measures[0]?.error).toBe(undefined)
      } catch (error) {
        expectKnown(error, '$(')
      }
    }),
    { seed, numRuns: cubeRuns },
  )
})
