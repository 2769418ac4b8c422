import type { FormatSettings, NumberFormat } from '@lichen/engine'
import type { QvdField } from './header.ts'

/** The element NumberFormat of a field, as texts; an empty one is not said. */
export type QvdNumberFormat = QvdField['format']

/** What the field's numbers are shown by. UNKNOWN, ASCII and REAL show a number by its shortest text, so they carry no format. */
export function toNumberFormat(
  { type, pattern, decimal, thousand }: QvdNumberFormat,
  settings: FormatSettings,
): NumberFormat | null {
  const separators = {
    ...(decimal === '' ? {} : { decimalSeparator: decimal }),
    ...(thousand === '' ? {} : { thousandSeparator: thousand }),
  }
  const of = (kind: NumberFormat['kind'], usual: string): NumberFormat | null =>
    pattern === '' && usual === '' ? null : { kind, pattern: pattern || usual, ...separators }
  switch (type) {
    case 'DATE':
      return of('date', settings.dateFormat)
    case 'TIME':
      return of('time', settings.timeFormat)
    case 'TIMESTAMP':
      return of('timestamp', settings.timestampFormat)
    case 'INTERVAL':
      return of('interval', settings.timeFormat)
    case 'MONEY':
      return of('money', settings.moneyFormat)
    case 'INTEGER':
      return of('integer', '')
    case 'FIX':
      return of('fixed', '')
    default:
      return null
  }
}

const unknown: QvdNumberFormat = { type: 'UNKNOWN', pattern: '', decimal: '', thousand: '' }

/**
 * The element that `toNumberFormat` reads back as a format that shows the same texts, under other settings too: patterns and separators
 * that the format leaves to the settings are written out.
 */
export function ofNumberFormat(
  format: NumberFormat | null,
  settings: FormatSettings,
): QvdNumberFormat {
  if (format === null) return unknown
  const of = (
    type: string,
    usual: string,
    decimalSep: string = settings.decimalSep,
    thousandSep: string = settings.thousandSep,
  ): QvdNumberFormat => {
    const pattern = format.pattern || usual
    const used = (given: string | undefined, sep: string): string =>
      given ?? (pattern.includes(sep) ? sep : '')
    return {
      type,
      pattern,
      decimal: used(format.decimalSeparator, decimalSep),
      thousand: used(format.thousandSeparator, thousandSep),
    }
  }
  switch (format.kind) {
    case 'date':
      return of('DATE', settings.dateFormat, '', '')
    case 'time':
      return of('TIME', settings.timeFormat, '', '')
    case 'timestamp':
      return of('TIMESTAMP', settings.timestampFormat, '', '')
    case 'interval':
      return of('INTERVAL', settings.timeFormat, '', '')
    case 'money':
      return of('MONEY', settings.moneyFormat, settings.moneyDecimalSep, settings.moneyThousandSep)
    case 'integer':
      return of('INTEGER', '0')
    default:
      return format.pattern === '' ? unknown : of('FIX', '')
  }
}
