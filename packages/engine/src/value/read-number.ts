import { numberPatternOf } from './number-pattern.ts'
import { numberOfRoman } from './roman.ts'

/** Longest text that is read as a number or date; longer ones are text. */
export const maxReadLength = 128

const zero = 48
const nine = 57

export function isDigitAt(text: string, at: number): boolean {
  const code = text.charCodeAt(at)
  return code >= zero && code <= nine
}

/**
 * Reads `text` from `start` to `end` as one whole number with an optional sign, thousands in groups of three, decimals and
 * an exponent. NaN when it is anything else. One pass, no backtracking.
 */
export function readNumber(
  text: string,
  start: number,
  end: number,
  decimalSep: string,
  thousandSep: string,
): number {
  let at = start
  const sign = text.charAt(at)
  const negative = sign === '-' && at < end
  if (negative || (sign === '+' && at < end)) at += 1
  let digits = ''
  let run = at
  let groups = 0
  while (at < end) {
    if (isDigitAt(text, at)) {
      at += 1
      continue
    }
    if (thousandSep === '' || thousandSep === decimalSep || !text.startsWith(thousandSep, at)) break
    const length = at - run
    if (length === 0 || length > 3 || (groups > 0 && length !== 3)) return Number.NaN
    digits += text.slice(run, at)
    at += thousandSep.length
    run = at
    groups += 1
  }
  if (groups > 0 && at - run !== 3) return Number.NaN
  digits += text.slice(run, at)
  let hasDigits = digits !== ''
  if (at < end && text.startsWith(decimalSep, at)) {
    at += decimalSep.length
    const from = at
    while (at < end && isDigitAt(text, at)) at += 1
    hasDigits ||= at > from
    if (at > from) digits += `.${text.slice(from, at)}`
  }
  if (!hasDigits) return Number.NaN
  if (at < end && (text.charAt(at) === 'e' || text.charAt(at) === 'E')) {
    const from = at
    at += 1
    if (at < end && (text.charAt(at) === '-' || text.charAt(at) === '+')) at += 1
    const exponentFrom = at
    while (at < end && isDigitAt(text, at)) at += 1
    if (at === exponentFrom) return Number.NaN
    digits += text.slice(from, at)
  }
  if (at !== end) return Number.NaN
  const number = Number(digits)
  if (!Number.isFinite(number)) return Number.NaN
  return negative && number !== 0 ? -number : number
}

/**
 * A reader for a number pattern: the literal text around the digits, `%` and radix codes are undone. NULL when the text
 * does not fit. An empty pattern reads plain numbers.
 */
export function compileNumberReader(
  pattern: string,
  decimalSep: string,
  thousandSep: string,
): (text: string) => number | null {
  const compiled = numberPatternOf(pattern, decimalSep, thousandSep)
  const { radix } = compiled
  if (radix !== undefined)
    return (text) => {
      const body = unwrap(text, compiled.positive.prefix, compiled.positive.suffix)
      return body === undefined ? null : orNull(readRadix(body.trim(), radix))
    }
  const sections = [compiled.positive, compiled.negative].filter(
    (section) => section?.hasDigits === true,
  )
  return (text) => {
    const trimmed = text.trim()
    if (trimmed.length > maxReadLength) return null
    const plain = readNumber(trimmed, 0, trimmed.length, decimalSep, thousandSep)
    if (!Number.isNaN(plain)) return plain
    for (const section of sections) {
      if (section === undefined) continue
      const number = readSection(
        trimmed,
        section.prefix.trim(),
        section.suffix.trim(),
        decimalSep,
        thousandSep,
      )
      if (Number.isNaN(number)) continue
      const signed = section === compiled.negative ? -Math.abs(number) : number
      return section.percent ? signed / 100 : signed
    }
    return null
  }
}

function readSection(
  text: string,
  prefix: string,
  suffix: string,
  decimalSep: string,
  thousandSep: string,
): number {
  const negative = text.startsWith('-') && !prefix.startsWith('-')
  const body = unwrap(negative ? text.slice(1) : text, prefix, suffix)?.trim()
  if (body === undefined) return Number.NaN
  const number = readNumber(body, 0, body.length, decimalSep, thousandSep)
  return negative ? -number : number
}

function unwrap(text: string, prefix: string, suffix: string): string | undefined {
  if (text.length < prefix.length + suffix.length) return undefined
  if (!text.startsWith(prefix) || !text.endsWith(suffix)) return undefined
  return text.slice(prefix.length, text.length - suffix.length)
}

function readRadix(text: string, radix: number): number {
  if (radix === 1) return numberOfRoman(text)
  const negative = text.startsWith('-')
  const digits = negative ? text.slice(1) : text
  if (digits === '' || digits.length > maxReadLength) return Number.NaN
  let number = 0
  for (let at = 0; at < digits.length; at += 1) {
    const digit = Number.parseInt(digits.charAt(at), radix)
    if (Number.isNaN(digit)) return Number.NaN
    number = number * radix + digit
  }
  return negative ? -number : number
}

function orNull(number: number): number | null {
  return Number.isNaN(number) ? null : number
}
