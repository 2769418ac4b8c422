/** Texts as characters: a pair of surrogates is one. Fast where there are none. */

const surrogate = /[\ud800-\udfff]/

export function charactersOf(text: string): readonly string[] {
  return Array.from(text)
}

export function countCharacters(text: string): number {
  return surrogate.test(text) ? charactersOf(text).length : text.length
}

/** Characters from `start` up to `end`, 0-based; clipped to the text. */
export function sliceCharacters(text: string, start: number, end: number): string {
  const from = Math.max(0, start)
  const to = Math.max(from, end)
  return surrogate.test(text) ? charactersOf(text).slice(from, to).join('') : text.slice(from, to)
}

/** The 0-based character that a UTF-16 offset falls on. */
export function characterAt(text: string, offset: number): number {
  return countCharacters(text.slice(0, offset))
}
