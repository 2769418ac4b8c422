const decoder = new TextDecoder('utf-8', { fatal: true })

/** A JSON text in UTF-8; integers a double cannot hold become strings. @throws SyntaxError, TypeError */
export function parseJson(bytes: Uint8Array): unknown {
  const text = decoder.decode(bytes)
  return JSON.parse(/\d{16}/.test(text) ? keepLongIntegers(text) : text)
}

/** A value of JSON as a cell: true is -1, false 0; nested values are their JSON text. */
export function toCell(value: unknown): number | string | null {
  if (value === null || value === undefined) return null
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (typeof value === 'boolean') return value ? -1 : 0
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** Quotes integers a double cannot hold. Strings match first, so digits inside them are left alone. */
function keepLongIntegers(text: string): string {
  return text.replace(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g, (token) => {
    if (token.startsWith('"') || !/^-?[1-9]\d{15,}$/.test(token)) return token
    return Number.isSafeInteger(Number(token)) ? token : `"${token}"`
  })
}
