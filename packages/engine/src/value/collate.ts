/**
 * The order of texts, our own and the same on every machine: first without case and diacritics by code point, then, where
 * that ties, by code point of the texts themselves. A total order: only identical texts compare as 0.
 */
export function collate(a: string, b: string): number {
  if (a === b) return 0
  const folded = isAscii(a) && isAscii(b) ? compareAscii(a, b) : compareCodePoints(fold(a), fold(b))
  return folded !== 0 ? folded : compareCodePoints(a, b)
}

// Letters that carry no separable mark in Unicode.
const plainLetters: Readonly<Record<string, string>> = {
  æ: 'ae',
  ð: 'd',
  ø: 'o',
  þ: 'th',
  ß: 'ss',
  đ: 'd',
  ħ: 'h',
  ı: 'i',
  ł: 'l',
  ŋ: 'n',
  œ: 'oe',
  ŧ: 't',
}

/** Lower case without diacritics; normalization never changes for assigned characters, so the result is stable. */
export function fold(text: string): string {
  if (isAscii(text)) return text.toLowerCase()
  return text
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/[æðøþßđħıłŋœŧ]/g, (letter) => plainLetters[letter] ?? letter)
}

function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) > 127) return false
  return true
}

function compareAscii(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let at = 0; at < length; at += 1) {
    const difference = lowerAscii(a.charCodeAt(at)) - lowerAscii(b.charCodeAt(at))
    if (difference !== 0) return difference < 0 ? -1 : 1
  }
  return Math.sign(a.length - b.length)
}

function lowerAscii(code: number): number {
  return code >= 65 && code <= 90 ? code + 32 : code
}

/** By code point; UTF-16 order differs from it only between surrogates and the units above them. */
export function compareCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let at = 0; at < length; at += 1) {
    const left = a.charCodeAt(at)
    const right = b.charCodeAt(at)
    if (left !== right) return rank(left) < rank(right) ? -1 : 1
  }
  return Math.sign(a.length - b.length)
}

function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit
}
