/** One section of a number pattern such as `$#,##0.00`. */
export interface NumberSection {
  readonly prefix: string
  readonly suffix: string
  /** False when the section is only literal text. */
  readonly hasDigits: boolean
  readonly minWhole: number
  readonly minDecimals: number
  readonly maxDecimals: number
  readonly grouped: boolean
  readonly percent: boolean
  /** `A` after the digits: scaled by NumericalAbbreviation. */
  readonly abbreviated: boolean
}

export interface NumberPattern {
  readonly positive: NumberSection
  readonly negative: NumberSection | undefined
  readonly zero: NumberSection | undefined
  /** 2 … 36 for (bin) (oct) (hex) (rNN); 1 stands for roman. */
  readonly radix: number | undefined
  readonly upper: boolean
}

const cacheLimit = 512
const maxPatternLength = 256
const cache = new Map<string, NumberPattern>()

/**
 * Reads a number pattern: `0` digit, `#` optional digit, sections by `;` for positive, negative and zero, `%`, radix codes.
 * Source: https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/Scripting/FormattingFunctions/format-codes-for-interpretation-and-formatting-functions.htm
 */
export function numberPatternOf(
  pattern: string,
  decimalSep: string,
  thousandSep: string,
): NumberPattern {
  const key = `${decimalSep}\u0000${thousandSep}\u0000${pattern}`
  const known = cache.get(key)
  if (known !== undefined) return known
  const parsed = parseNumberPattern(pattern.slice(0, maxPatternLength), decimalSep, thousandSep)
  if (cache.size >= cacheLimit) cache.clear()
  cache.set(key, parsed)
  return parsed
}

function parseNumberPattern(
  pattern: string,
  decimalSep: string,
  thousandSep: string,
): NumberPattern {
  const radix = radixCode(pattern)
  const source = radix === undefined ? pattern : pattern.replace(radix.code, '0')
  const [positive = '', negative, zero] = source.split(';')
  const section = (text: string) => parseSection(text, decimalSep, thousandSep)
  return {
    positive: section(positive),
    negative: negative === undefined ? undefined : section(negative),
    zero: zero === undefined ? undefined : section(zero),
    radix: radix?.radix,
    upper: radix?.upper ?? false,
  }
}

function radixCode(pattern: string): { code: string; radix: number; upper: boolean } | undefined {
  const open = pattern.indexOf('(')
  const close = open === -1 ? -1 : pattern.indexOf(')', open)
  if (close === -1) return undefined
  const code = pattern.slice(open, close + 1)
  const name = code.slice(1, -1)
  const upper = name !== name.toLowerCase()
  const known = { bin: 2, oct: 8, dec: 10, hex: 16, rom: 1 }[name.toLowerCase()]
  if (known !== undefined) return { code, radix: known, upper }
  const base = /^[rR](\d{1,2})$/.exec(name)?.[1]
  const radix = base === undefined ? 0 : Number(base)
  return radix >= 2 && radix <= 36 ? { code, radix, upper } : undefined
}

function parseSection(text: string, decimalSep: string, thousandSep: string): NumberSection {
  const start = indexOfDigit(text)
  if (start === -1) return literalSection(text)
  let first = start
  if (decimalSep !== '' && text.startsWith(decimalSep, start - decimalSep.length))
    first = start - decimalSep.length
  let end = first
  let decimalAt = -1
  let lastDigit = first
  while (end < text.length) {
    if (isDigitCode(text.charAt(end))) {
      end += 1
      lastDigit = end
    } else if (decimalAt === -1 && decimalSep !== '' && text.startsWith(decimalSep, end)) {
      decimalAt = end
      end += decimalSep.length
      lastDigit = end
    } else if (decimalAt === -1 && thousandSep !== '' && text.startsWith(thousandSep, end)) {
      end += thousandSep.length
    } else break
  }
  const body = text.slice(first, lastDigit)
  const prefix = text.slice(0, first)
  const suffix = text.slice(lastDigit)
  const whole = decimalAt === -1 ? body : text.slice(first, decimalAt)
  const decimals = decimalAt === -1 ? '' : text.slice(decimalAt + decimalSep.length, lastDigit)
  const abbreviated = suffix.startsWith('A')
  return {
    prefix,
    suffix: abbreviated ? suffix.slice(1) : suffix,
    hasDigits: true,
    minWhole: countZeros(whole),
    minDecimals: decimals.lastIndexOf('0') + 1,
    maxDecimals: decimals.length,
    // A blank as separator also counts where it stands before the digits: `kr ##0,00` is documented to show `kr 35 648,00`.
    grouped: thousandSep !== '' && (prefix + whole).includes(thousandSep),
    percent: text.includes('%'),
    abbreviated,
  }
}

function literalSection(text: string): NumberSection {
  return {
    prefix: text,
    suffix: '',
    hasDigits: false,
    minWhole: 0,
    minDecimals: 0,
    maxDecimals: 0,
    grouped: false,
    percent: false,
    abbreviated: false,
  }
}

function isDigitCode(letter: string): boolean {
  return letter === '0' || letter === '#'
}

function indexOfDigit(text: string): number {
  for (let at = 0; at < text.length; at += 1) if (isDigitCode(text.charAt(at))) return at
  return -1
}

function countZeros(text: string): number {
  let zeros = 0
  for (let at = 0; at < text.length; at += 1) if (text.charAt(at) === '0') zeros += 1
  return zeros
}
