import fc from 'fast-check'
import { expect, test } from 'vitest'
import { columnLetters } from './cell-reference.ts'
import { book, cell, read, type TestCell } from './workbook-for-tests.ts'

const seed = Number(process.env.LICHEN_SEED ?? 20260725)
const numRuns = Number(process.env.LICHEN_RUNS ?? 150)

const strings = ['', 'a', 'ä & <b>', '_x0041_', ' x ', '\u{1f600}']
const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('_x0041_', '_x005F_x0041_')

type Given =
  | null
  | { readonly kind: 'number' | 'date'; readonly number: number }
  | { readonly kind: 'shared' | 'inline' | 'formula'; readonly text: number }
  | { readonly kind: 'boolean'; readonly on: boolean }
  | { readonly kind: 'error' | 'styled' }

const given: fc.Arbitrary<Given> = fc.oneof(
  fc.constant(null),
  fc.record({
    kind: fc.constantFrom('number' as const, 'date' as const),
    number: fc
      .oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }))
      .map((number) => number + 0),
  }),
  fc.record({
    kind: fc.constantFrom('shared' as const, 'inline' as const, 'formula' as const),
    text: fc.nat({ max: strings.length - 1 }),
  }),
  fc.record({ kind: fc.constant('boolean' as const), on: fc.boolean() }),
  fc.record({ kind: fc.constantFrom('error' as const, 'styled' as const) }),
)

function written(value: Given, reference: string): string {
  if (value === null) return ''
  switch (value.kind) {
    case 'number':
    case 'date':
      return cell(value.number, `${reference} s="${value.kind === 'date' ? 1 : 0}"`)
    case 'shared':
      return `<c ${reference} t="s"><v>${value.text}</v></c>`
    case 'inline':
      return cell(escaped(strings[value.text] ?? ''), reference)
    case 'formula':
      return `<c ${reference} t="str"><f>1</f><v>${escaped(strings[value.text] ?? '')}</v></c>`
    case 'boolean':
      return `<c ${reference} t="b"><v>${value.on ? 1 : 0}</v></c>`
    case 'error':
      return `<c ${reference} t="e"><v>#REF!</v></c>`
    case 'styled':
      return `<c ${reference} s="1"/>`
  }
}

function expected(value: Given): TestCell {
  if (value === null) return null
  switch (value.kind) {
    case 'number':
      return value.number
    case 'date':
      return [value.number, 'date', 'YYYY-MM-DD']
    case 'boolean':
      return value.on ? -1 : 0
    case 'error':
    case 'styled':
      return null
    default:
      return strings[value.text] ?? null
  }
}

test('any sheet reads as the cells that were written, whatever they share a column with', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(given, { minLength: 3, maxLength: 3 }), { maxLength: 12 }),
      fc.boolean(),
      fc.boolean(),
      async (rows, references, stated) => {
        const content = rows.map((cells, row) => {
          const number = row + 2
          const whole = cells.map((value, column) => {
            const reference = references ? `r="${columnLetters(column)}${number}"` : ''
            // Without a reference every place has to be taken.
            return value === null && !references ? '<c/>' : written(value, reference)
          })
          const empty = cells.every((value) => value === null)
          return references && empty
            ? ''
            : `<row${references ? ` r="${number}"` : ''}>${whole.join('')}</row>`
        })
        const bytes = book({
          strings: strings.map((text) => `<t xml:space="preserve">${escaped(text)}</t>`),
          styles: '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>',
          sheets: {
            S: `<worksheet>${stated ? '<dimension ref="A1:C13"/>' : ''}<sheetData><row>${cell('A')}${cell('B')}${cell('C')}</row>${content.join('')}</sheetData></worksheet>`,
          },
        })
        const all = rows.map((cells) => cells.map(expected))
        const filled = all.map((cells) => cells.some((value) => value !== null))
        const records = all.slice(0, filled.lastIndexOf(true) + 1)
        expect(await read(bytes)).toEqual({ fields: ['A', 'B', 'C'], rows: records })
      },
    ),
    { seed, numRuns },
  )
})
