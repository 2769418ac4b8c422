const closing: Readonly<Record<string, string>> = { "'": "'", '"': '"', '`': '`', '[': ']' }

/**
 * Finds where quoted text ends. A quote is closed by its own kind (`[` by `]`); the closing sign doubled stands for itself.
 * Remembers kinds that are never closed again, so that a text full of stray quotes is still read in linear time.
 */
export class QuoteFinder {
  readonly #text: string
  readonly #open = new Set<string>()

  constructor(text: string) {
    this.#text = text
  }

  isQuote(sign: string): boolean {
    return sign in closing
  }

  /** Offset after the closing sign, or -1 when the quote opened at `at` is not closed before `limit`. */
  end(at: number, limit: number = this.#text.length): number {
    const sign = this.#text[at] ?? ''
    const close = closing[sign]
    if (close === undefined || this.#open.has(sign)) return -1
    let found = this.#text.indexOf(close, at + 1)
    while (found !== -1 && this.#text[found + 1] === close)
      found = this.#text.indexOf(close, found + 2)
    if (found === -1) this.#open.add(sign)
    return found === -1 || found >= limit ? -1 : found + 1
  }
}

/** The content of quoted text without its quotes, doubled closing signs undone. */
export function unquote(quoted: string): string {
  const close = closing[quoted[0] ?? '']
  if (close === undefined || quoted.length < 2) return quoted
  return quoted.slice(1, -1).replaceAll(close + close, close)
}
