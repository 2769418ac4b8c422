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
