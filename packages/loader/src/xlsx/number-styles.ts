import type { FormatSettings, NumberFormat } from '@lichen/engine'

/** What a number format of Excel means; `number` covers everything that is no date, time or money. */
export type NumberMeaning = 'number' | 'date' | 'time' | 'timestamp' | 'interval' | 'money'

/**
 * Formats known by their number only. 27 to 36 and 50 to 58 are dates and times of East Asian languages.
 * Source: ECMA-376 part 1, 18.8.30 (numFmt)
 */
export function builtInMeaning(id: number): NumberMeaning {
  if (id === 22) return 'timestamp'
  if ((id >= 18 && id <= 21) || (id >= 32 && id <= 35) || id === 45 || id === 47) return 'time'
  if (id === 46) return 'interval'
  if ((id >= 14 && id <= 17) || (id >= 27 && id <= 36) || (id >= 50 && id <= 58)) return 'date'
  return (id >= 5 && id <= 8) || id === 42 || id === 44 ? 'money' : 'number'
}

/** What stays of a section when literal text, colours, conditions and languages are taken away. */
function bareSection(code: string): string {
  return sectionOf(code)
    .replace(/"[^"]*"?|\\.|[_*]./gs, '')
    .replace(/\[(?:h+|m+|s+)\]/gi, '\u0001')
    .replace(/\[[^\]]*\]?/g, '')
    .toLowerCase()
    .replace(/am\/pm|a\/p|上午\/下午/g, 'h')
}

/** The section for positive numbers; a `;` in quotes, in brackets or after a backslash ends none. */
function sectionOf(code: string): string {
  return /^(?:"[^"]*"?|\\.|\[[^\]]*\]?|[^;])*/s.exec(code)?.[0] ?? ''
}

/** Source: ECMA-376 part 1, 18.8.31 (numFmts: the codes) */
export function meaningOf(code: string): NumberMeaning {
  const bare = bareSection(code)
  if (bare.includes('general')) return 'number'
  const digits = bare.replace(/s[.,]0+/g, 's')
  if (!/[#?0]/.test(digits)) {
    const elapsed = bare.includes('\u0001')
    const clock = elapsed || /[hs]/.test(bare)
    const calendar = /[yd]|aaa/.test(bare) || (bare.includes('m') && !clock)
    if (calendar) return clock ? 'timestamp' : 'date'
    if (clock) return elapsed ? 'interval' : 'time'
  }
  return currencyOf(sectionOf(code)) === undefined ? 'number' : 'money'
}

/** A sign such as € or, in brackets, any text: `[$EUR-407]`. */
function currencyOf(section: string): string | undefined {
  const bracket = /\[\$([^\]-]+)(?:-[^\]]*)?\]/.exec(section)?.[1]
  return bracket ?? /\p{Sc}/u.exec(section.replace(/\[[^\]]*\]?/g, ''))?.[0]
}

/**
 * How numbers of such a code are shown: dates and times by the format variables of the script, like those of other sources; money with the
 * currency, on its side of the number, and the decimals of the code.
 */
export function formatOf(
  meaning: NumberMeaning,
  code: string | undefined,
  settings: FormatSettings,
): NumberFormat | null {
  switch (meaning) {
    case 'number':
      return null
    case 'date':
      return { kind: 'date', pattern: settings.dateFormat }
    case 'time':
      return { kind: 'time', pattern: settings.timeFormat }
    case 'timestamp':
      return { kind: 'timestamp', pattern: settings.timestampFormat }
    case 'interval':
      return { kind: 'interval', pattern: settings.timeFormat }
    case 'money':
      return { kind: 'money', pattern: moneyPattern(code, settings) }
  }
}

function moneyPattern(code: string | undefined, settings: FormatSettings): string {
  const section = sectionOf(code ?? '')
  const currency = currencyOf(section)
  if (currency === undefined) return settings.moneyFormat
  const outside = section.replace(/\[[^\]]*\]?|"[^"]*"?|\\.|[_*]./gs, '')
  const decimals = /[0#?]\.([0#?]+)/.exec(outside)?.[1]?.length ?? 0
  const digits = `#${settings.moneyThousandSep}##0${decimals === 0 ? '' : settings.moneyDecimalSep + '0'.repeat(Math.min(decimals, 15))}`
  const firstDigit = section
    .replace(/\[[^\]]*\]|"[^"]*"/g, (text) => ' '.repeat(text.length))
    .search(/[0#?]/)
  return section.indexOf(currency) < firstDigit ? `${currency}${digits}` : `${digits} ${currency}`
}
