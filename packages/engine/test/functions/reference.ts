import type { ConformanceCase, ExpectedCell } from '../conformance/cases.ts'
import type { ReadCase } from './cases.ts'
import { conformanceCases, ownCases } from './coverage.ts'
import { type KnownFunction, knownFunctions, withoutCase } from './known-functions.ts'

const places: Readonly<Record<KnownFunction['context'], string>> = {
  both: 'Load scripts and charts',
  script: 'Load scripts',
  chart: 'Charts',
  set: 'Set modifiers',
}

/** `docs/functions.md`, whole. */
export function writeReference(): string {
  const categories = [...new Set(knownFunctions.map(({ category }) => category))].sort()
  return [
    '# Functions',
    '',
    `The ${knownFunctions.length} functions of expressions and load scripts, written by \`npm run functions\` from the registries and from the`,
    '[cases](../packages/engine/test/functions) the tests run: every example is one of them.',
    '',
    ...categories.map(
      (category) => `- [${category}](#${anchorOf(category)}): ${namesIn(category)}`,
    ),
    ...categories.flatMap(sectionOf),
    '',
  ].join('\n')
}

function inCategory(category: string): readonly KnownFunction[] {
  return knownFunctions.filter((known) => known.category === category)
}

function namesIn(category: string): string {
  return inCategory(category)
    .map(({ key }) => key)
    .join(', ')
}

function anchorOf(category: string): string {
  return category
    .toLowerCase()
    .replace(/[^a-z0-9 -]/g, '')
    .replaceAll(' ', '-')
}

function sectionOf(category: string): readonly string[] {
  const known = inCategory(category)
  const shared = new Map(
    known.flatMap(({ key }) => {
      const example = ownCases.get(key)?.[0]
      return example?.data === undefined ? [] : [[example.data, example.script] as const]
    }),
  )
  return [
    '',
    `## ${category}`,
    ...[...shared].flatMap(([name, script]) => ['', `Data of “${name}”:`, ...fenced(script)]),
    ...known.flatMap(entryOf),
  ]
}

function entryOf(known: KnownFunction): readonly string[] {
  const { key, signature, meaning, context, source } = known
  return [
    '',
    `### ${key}`,
    '',
    `\`${signature}\`: ${meaning.replace(/\.$/, '')}. ${places[context]}. [Page](${source})`,
    ...exampleOf(key),
  ]
}

function exampleOf(key: string): readonly string[] {
  const [own] = ownCases.get(key) ?? []
  if (own !== undefined) return ownExample(own)
  const conformance = conformanceCases.get(key) ?? []
  const single = conformance.find(isSingle)
  if (single !== undefined) return ['', resultLine('', single.expression, single.expect)]
  const [first] = conformance
  return [
    '',
    first === undefined
      ? `No example: ${withoutCase[key] ?? 'there is no case'}.`
      : `Example: the conformance case \`${first.id}\`.`,
  ]
}

function ownExample(given: ReadCase): readonly string[] {
  const {
    script,
    data,
    dimensions = [],
    columns = [],
    measures = [],
    select = [],
    expression,
  } = given
  const chart = [...dimensions, ...measures].map((each) => `\`${each}\``)
  const across = columns.map((each) => `\`${each}\``)
  const circumstances = [
    ...(data === undefined ? [] : [`with the data of “${data}”`]),
    ...select.map(({ field, values }) => `with ${values.join(', ')} selected in ${field}`),
    ...(chart.length === 0 ? [] : [`in a chart of ${chart.join(' and ')}`]),
    ...(across.length === 0 ? [] : [`with ${across.join(' and ')} in its columns`]),
  ].join(', ')
  return [
    ...(script === '' || data !== undefined ? [] : fenced(script)),
    '',
    resultLine(circumstances, expression, given.expect),
  ]
}

function fenced(script: string): readonly string[] {
  return ['', '```', script, '```']
}

/** Needs nothing that its script loads. */
function isSingle(given: ConformanceCase): given is ConformanceCase & {
  readonly expression: string
  readonly expect: ExpectedCell
} {
  return (
    given.expression !== undefined &&
    given.contexts?.includes('script') === true &&
    !Array.isArray(given.expect)
  )
}

function resultLine(where: string, expression: string, expect: ReadCase['expect']): string {
  return `\`${expression}\`${where === '' ? '' : ` ${where},`} gives ${resultOf(expect)}`
}

function resultOf(expect: ReadCase['expect']): string {
  if (isRows(expect)) return expect.map(resultOf).join(', ')
  if (expect === null) return 'NULL'
  if (expect === '') return 'an empty text'
  if (typeof expect !== 'object') return `\`${expect}\``
  const { t, n, tol = 0 } = expect
  if (t !== undefined) return `\`${t}\``
  return tol > 1e-6 ? `about \`${n}\`` : `\`${n}\``
}

function isRows(expect: ReadCase['expect']): expect is readonly ExpectedCell[] {
  return Array.isArray(expect)
}
