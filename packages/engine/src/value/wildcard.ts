/**
 * Compiles a pattern of `*` (any text) and `?` (one character), without regard to case. Matching takes one pass over the text
 * and never returns before the last `*`, so its time is bounded by text length times the longest part between stars.
 */
export function compileWildcard(pattern: string): (text: string) => boolean {
  const lower = pattern.toLowerCase()
  if (!lower.includes('?')) {
    if (!lower.includes('*')) return (text) => text.toLowerCase() === lower
    return partsMatcher(lower.split('*'))
  }
  const symbols = Array.from(lower)
  return (text) => matchSymbols(symbols, Array.from(text.toLowerCase()))
}

export function matchesWildcard(text: string, pattern: string): boolean {
  return compileWildcard(pattern)(text)
}

export function hasWildcard(pattern: string): boolean {
  return pattern.includes('*') || pattern.includes('?')
}

function partsMatcher(parts: readonly string[]): (text: string) => boolean {
  const head = parts[0] ?? ''
  const tail = parts[parts.length - 1] ?? ''
  const middle = parts.slice(1, -1).filter((part) => part !== '')
  return (original) => {
    const text = original.toLowerCase()
    const end = text.length - tail.length
    if (end < head.length || !text.startsWith(head) || !text.endsWith(tail)) return false
    let at = head.length
    for (const part of middle) {
      const found = text.indexOf(part, at)
      if (found === -1 || found + part.length > end) return false
      at = found + part.length
    }
    return true
  }
}

function matchSymbols(pattern: readonly string[], text: readonly string[]): boolean {
  let at = 0
  let symbol = 0
  let star = -1
  let starText = 0
  while (at < text.length) {
    const wanted = pattern[symbol]
    if (wanted === '*') {
      star = symbol
      starText = at
      symbol += 1
    } else if (wanted !== undefined && (wanted === '?' || wanted === text[at])) {
      symbol += 1
      at += 1
    } else if (star !== -1) {
      starText += 1
      at = starText
      symbol = star + 1
    } else return false
  }
  while (pattern[symbol] === '*') symbol += 1
  return symbol === pattern.length
}
