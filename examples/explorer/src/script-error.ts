import type { ScriptProblem } from '@lichen/sdk/codemirror'
import type { ReloadError } from './engine-connection.ts'

/** A place in the script, counted from 0; `length` in characters. */
export interface ScriptPlace {
  readonly offset: number
  readonly length: number
}

/** The line of the place with a caret under it: `12 | LOAD x FORM y` and `   |        ^^^^`. Tabs count as one column in both lines. */
export function showPlace(script: string, place: ScriptPlace): string {
  const offset = Math.min(Math.max(place.offset, 0), script.length)
  const start = script.lastIndexOf('\n', offset - 1) + 1
  const end = script.indexOf('\n', offset)
  const text = script.slice(start, end < 0 ? script.length : end)
  const line = script.slice(0, start).split('\n').length
  const margin = `${line} | `
  const column = offset - start
  const width = Math.max(1, Math.min(place.length, text.length - column))
  const shown = text.replaceAll('\t', ' ')
  return `${margin}${shown}\n${' '.repeat(margin.length + column)}${'^'.repeat(width)}`
}

/** The place of an error of a reload: its line from the column told on. None when the error lies in a file or outside of the script. */
export function problemOfReload(script: string, error: ReloadError): ScriptProblem[] {
  const [name = '', line = '', column = '1'] = error.qMessage.qMessageParameters
  // Errors behind expansions count lines in the expanded text, and name the line of the statement.
  const expanded = /^script:(\d+) after expansion$/.exec(name)?.[1]
  if (name !== 'script' && expanded === undefined) return []
  const lines = script.split('\n')
  const at = Number(expanded ?? line) - 1
  const text = lines[at]
  if (text === undefined) return []
  const lineStart = lines.slice(0, at).reduce((offset, before) => offset + before.length + 1, 0)
  const from = expanded === undefined ? Number(column) - 1 : text.search(/\S|$/)
  return [
    {
      message: error.qLine || error.qErrorString,
      span: { start: lineStart + Math.min(from, text.length), end: lineStart + text.length },
    },
  ]
}
