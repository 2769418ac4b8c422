import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { defaultFormatSettings } from '../value/format-settings.ts'
import { expandDollars } from './dollar.ts'
import { parseExpression } from './parser.ts'
import { printExpression } from './printer.ts'
import { withoutSpans } from './random-ast-for-tests.ts'

interface Case {
  readonly id: string
  readonly expression?: string
  readonly cube?: { readonly dimensions: readonly string[]; readonly measures: readonly string[] }
}

const folder = new URL('../../test/conformance/cases/', import.meta.url)

function expressionsOf(file: string): readonly [id: string, text: string][] {
  const cases: readonly Case[] = JSON.parse(readFileSync(new URL(file, folder), 'utf8'))
  return cases.flatMap(({ id, expression, cube }) =>
    [...(expression === undefined ? [] : [expression]), ...(cube?.measures ?? [])].map(
      (text): [string, string] => [id, text],
    ),
  )
}

describe.each(readdirSync(folder).filter((file) => file.endsWith('.json')))('%s', (file) => {
  const expressions = expressionsOf(file)
  it(`parses its ${expressions.length} expressions`, () => {
    for (const [id, written] of expressions) {
      const text = expandDollars(written, {
        variable: () => 'Sum(Sales)',
        evaluate: () => 2020,
        settings: defaultFormatSettings,
      })
      const { ast, diagnostics } = parseExpression({ name: id, text })
      expect(diagnostics, `${id}: ${text}`).toEqual([])
      const again = parseExpression({ name: id, text: printExpression(ast) })
      expect(withoutSpans(again.ast), `${id}: ${text}`).toEqual(withoutSpans(ast))
    }
  })
})
