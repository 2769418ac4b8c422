/** A part of a text: UTF-16 units. */
export interface TextRange {
  readonly start: number
  readonly length: number
}

const wordCharacter = /[\p{L}\p{N}\p{M}]/u

/** Whether a word may begin here: at the start, or after something that is neither letter nor digit. */
export function isWordStart(text: string, at: number): boolean {
  if (at === 0) return true
  const unit = text.charCodeAt(at - 1)
  if (unit < 128) {
    return !(
      (unit >= 48 && unit <= 57) ||
      (unit >= 65 && unit <= 90) ||
      (unit >= 97 && unit <= 122)
    )
  }
  const isLowSurrogate = unit >= 0xdc00 && unit <= 0xdfff && at >= 2
  return !wordCharacter.test(isLowSurrogate ? text.slice(at - 2, at) : text.slice(at - 1, at))
}

/** Whether some word of a text begins with the term; both in lower case. */
export function hasWordFrom(text: string, term: string): boolean {
  for (let at = text.indexOf(term); at !== -1; at = text.indexOf(term, at + 1)) {
    if (isWordStart(text, at)) return true
  }
  return false
}

/** A text to be shown where it was found. */
export interface Mark {
  readonly text: string
  readonly atWordStart: boolean
}

/** Where the marks occur in a text (all in lower case), ascending, without overlap. */
export function rangesOfMarks(text: string, marks: readonly Mark[]): readonly TextRange[] {
  const found: TextRange[] = []
  for (const { text: mark, atWordStart } of marks) {
    for (let at = text.indexOf(mark); at !== -1; at = text.indexOf(mark, at + mark.length)) {
      if (!atWordStart || isWordStart(text, at)) found.push({ start: at, length: mark.length })
    }
  }
  found.sort((a, b) => a.start - b.start || b.length - a.length)
  let end = 0
  return found.filter((range) => {
    if (range.start < end) return false
    end = range.start + range.length
    return true
  })
}
