import { formatDate, formatInterval } from './format-date.ts'
import type { FormatSettings } from './format-settings.ts'
import type { NumberFormat } from './number-format.ts'
import { type NumberPattern, type NumberSection, numberPatternOf } from './number-pattern.ts'
import { romanOf } from './roman.ts'

/**
 * The text of a number. Without a format: up to 14 significant digits and the decimal separator of the settings.
 * An empty pattern stands for the default pattern of its kind (`DateFormat`, `MoneyFormat` …).
 */
export function formatNumber(
  number: number,
  format: NumberFormat | null,
  settings: FormatSettings,
): string {
  if (format === null) return defaultText(number, settings.decimalSep)
  const { pattern } = format
  switch (format.kind) {
    case 'date':
      return formatDate(number, pattern || settings.dateFormat, settings)
    case 'time':
      return formatDate(number, pattern || settings.timeFormat, settings)
    case 'timestamp':
      return formatDate(number, pattern || settings.timestampFormat, settings)
    case 'interval':
      return formatInterval(number, pattern || settings.timeFormat)
    case 'money':
      return formatByPattern(
        number,
        pattern || settings.moneyFormat,
        format.decimalSeparator ?? settings.moneyDecimalSep,
        format.thousandSeparator ?? settings.moneyThousandSep,
        settings,
      )
    default:
      if (pattern === '')
        return defaultText(
          format.kind === 'integer' ? Math.round(number) : number,
          format.decimalSeparator ?? settings.decimalSep,
        )
      return formatByPattern(
        number,
        pattern,
        format.decimalSeparator ?? settings.decimalSep,
        format.thousandSeparator ?? settings.thousandSep,
        settings,
      )
  }
}

const significantDigits = 14
const smallestPlain = 1e-4
const largestPlain = 10 ** significantDigits

/** Plain digits between 0.0001 and 10^14, else an exponent of at least two digits. */
function defaultText(number: number, decimalSep: string): string {
  const size = Math.abs(number)
  if (Number.isInteger(number) && size < largestPlain) return String(number + 0)
  const rounded = Number(number.toPrecision(significantDigits))
  const roundedSize = Math.abs(rounded)
  if (roundedSize >= smallestPlain && roundedSize < largestPlain)
    return withSeparator(String(rounded), decimalSep)
  const [mantissa = '', exponent = '0'] = rounded.toExponential().split('e')
  const sign = exponent.startsWith('-') ? '-' : '+'
  return `${withSeparator(mantissa, decimalSep)}e${sign}${exponent.slice(1).padStart(2, '0')}`
}

function withSeparator(text: string, decimalSep: string): string {
  return decimalSep === '.' ? text : text.replace('.', decimalSep)
}

function formatByPattern(
  number: number,
  pattern: string,
  decimalSep: string,
  thousandSep: string,
  settings: FormatSettings,
): string {
  const compiled = numberPatternOf(pattern, decimalSep, thousandSep)
  if (compiled.radix !== undefined) return formatRadix(number, compiled)
  const section = sectionFor(number, compiled)
  const ownsSign = section !== compiled.positive
  if (!section.hasDigits) return section.prefix
  const scaled = scale(Math.abs(number) * (section.percent ? 100 : 1), section, settings)
  const digits = digitsOf(scaled.number, section, decimalSep, thousandSep)
  const negative = number < 0 && !ownsSign && /[1-9]/.test(digits)
  return `${negative ? '-' : ''}${section.prefix}${digits}${scaled.unit}${section.suffix}`
}

function sectionFor(number: number, pattern: NumberPattern): NumberSection {
  if (number < 0) return pattern.negative ?? pattern.positive
  if (number === 0) return pattern.zero ?? pattern.positive
  return pattern.positive
}

function digitsOf(
  size: number,
  section: NumberSection,
  decimalSep: string,
  thousandSep: string,
): string {
  const fixed = fixedDigits(size, Math.min(section.maxDecimals, 100))
  const dot = fixed.indexOf('.')
  const whole = dot === -1 ? fixed : fixed.slice(0, dot)
  const decimals = dot === -1 ? '' : trimZeros(fixed.slice(dot + 1), section.minDecimals)
  const bare = whole === '0' && section.minWhole === 0 && decimals !== '' ? '' : whole
  const padded = bare.padStart(section.minWhole, '0')
  const grouped = section.grouped ? group(padded, thousandSep) : padded
  return decimals === '' ? grouped : `${grouped}${decimalSep}${decimals}`
}

function fixedDigits(size: number, decimals: number): string {
  return size < 1e21 ? size.toFixed(decimals) : BigInt(size).toString()
}

function trimZeros(decimals: string, least: number): string {
  let end = decimals.length
  while (end > least && decimals.charAt(end - 1) === '0') end -= 1
  return decimals.slice(0, end)
}

function group(whole: string, thousandSep: string): string {
  let text = whole.slice(-3)
  for (let end = whole.length - 3; end > 0; end -= 3)
    text = whole.slice(Math.max(0, end - 3), end) + thousandSep + text
  return text
}

function formatRadix(number: number, pattern: NumberPattern): string {
  const { prefix, suffix } = pattern.positive
  const whole = Math.round(number)
  const digits =
    pattern.radix === 1 ? romanText(whole, pattern.upper) : whole.toString(pattern.radix)
  return `${prefix}${pattern.upper ? digits.toUpperCase() : digits}${suffix}`
}

function romanText(whole: number, upper: boolean): string {
  const roman = romanOf(whole)
  if (roman === undefined) return String(whole)
  return upper ? roman : roman.toLowerCase()
}

/** Scales by the largest abbreviation that leaves at least one whole digit, e.g. 1500 to 1.5 k. */
function scale(
  size: number,
  section: NumberSection,
  settings: FormatSettings,
): { number: number; unit: string } {
  if (!section.abbreviated || size === 0) return { number: size, unit: '' }
  let best: Abbreviation = { exponent: 0, unit: '' }
  for (const entry of abbreviationsOf(settings))
    if (size < 1 === entry.exponent < 0 && fitsBetter(size, entry.exponent, best.exponent))
      best = entry
  return { number: size / 10 ** best.exponent, unit: best.unit }
}

/** Above 1 the largest exponent that leaves a whole digit; below 1 the nearest that gives one, else the smallest there is. */
function fitsBetter(size: number, exponent: number, best: number): boolean {
  if (size < 10 ** exponent) return exponent < best && size < 10 ** best
  return size < 10 ** best || exponent > best
}

interface Abbreviation {
  readonly exponent: number
  readonly unit: string
}

function abbreviationsOf(settings: FormatSettings): readonly Abbreviation[] {
  return settings.numericalAbbreviation.split(';').flatMap((entry) => {
    const colon = entry.indexOf(':')
    const exponent = Number(entry.slice(0, colon))
    return colon > 0 && Number.isInteger(exponent)
      ? [{ exponent, unit: entry.slice(colon + 1) }]
      : []
  })
}
