import { throwIfCancelled } from '@lichen/engine'
import type { WrittenFormat } from '../written-format.ts'

const blockRows = 4096

/**
 * Text with labels in its first line: the values as texts, NULL as nothing, quotes only around what needs them. UTF-8 with a comma, or the
 * clause's `delimiter is`.
 * Source: https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/Scripting/ScriptRegularStatements/Store.htm
 */
export const delimitedWriter: WrittenFormat = {
  async *write({ rows, fields }, { options }, cancellation) {
    const given = options.get('delimiter')
    const delimiter = typeof given === 'string' && given !== '' ? given : ','
    const quoted = quoting(delimiter)
    const encoder = new TextEncoder()
    if (options.get('no labels') !== true)
      yield encoder.encode(`${fields.map(({ name }) => quoted(name)).join(delimiter)}\r\n`)
    const texts = fields.map(() => new Map<number, string>())
    const codes = fields.map(() => new Uint32Array(blockRows))
    for (let start = 0; start < rows; start += blockRows) {
      throwIfCancelled(cancellation)
      const count = Math.min(blockRows, rows - start)
      fields.forEach((field, f) => {
        field.read(start, count, codes[f]!)
      })
      const lines: string[] = []
      for (let row = 0; row < count; row++)
        lines.push(
          fields
            .map(({ symbols }, f) => textOf(codes[f]![row]!, symbols, texts[f]!, quoted))
            .join(delimiter),
        )
      yield encoder.encode(`${lines.join('\r\n')}\r\n`)
    }
  },
}

/** Texts that are remembered for each field. */
const mostTexts = 100_000

function textOf(
  code: number,
  symbols: { textAt(symbol: number): string },
  known: Map<number, string>,
  quoted: (text: string) => string,
): string {
  if (code === 0) return ''
  let text = known.get(code)
  if (text === undefined) {
    text = quoted(symbols.textAt(code - 1))
    if (known.size < mostTexts) known.set(code, text)
  }
  return text
}

/** Quotes what would else be read otherwise: delimiters, quotes, line ends and blanks at the ends. */
function quoting(delimiter: string): (text: string) => string {
  return (text) =>
    text.includes(delimiter) || /["\r\n]|^\s|\s$/.test(text)
      ? `"${text.replaceAll('"', '""')}"`
      : text
}
