import { millisecondsPerDay } from '../value/date-serial.ts'
import { Dual, type Value } from '../value/dual.ts'
import { compileDateReader, compileNumberReader, interpretText } from '../value/interpret.ts'
import {
  category,
  type Definition,
  type FunctionContext,
  optionalText,
  type ScalarFunction,
  textArg,
} from './function.ts'
import { cachedReader, minuteReader, type Reader } from './readers.ts'

type DateKind = 'date' | 'time' | 'timestamp'

/** The text with the number it is read as; a text that does not fit stays text. */
function interpreted(text: string | null, read: Reader): Value {
  if (text === null) return null
  const number = read(text.trim())
  return number === null ? text : new Dual(text, number)
}

function dateReader(
  args: readonly Value[],
  context: FunctionContext,
  initial: string,
  kind: 'date' | 'interval',
): Reader {
  const pattern = textArg(args, 1, context) || initial
  return cachedReader(context.settings, `${kind}\u0000${pattern}`, () =>
    compileDateReader(pattern, context.settings, kind),
  )
}

/** Without a format, what the default interpretation knows as a date or time is read too. */
function defaultDate({ settings }: FunctionContext, kinds: readonly DateKind[]): Reader {
  return (text) => {
    const found = interpretText(text, settings)
    return kinds.some((kind) => kind === found?.format?.kind) ? (found?.number ?? null) : null
  }
}

/** As `defaultDate`, also without seconds, and a time of ISO 8601 with an offset as UTC. */
function defaultTimestamp(context: FunctionContext): Reader {
  const plain = defaultDate(context, ['date', 'timestamp'])
  const withoutSeconds = minuteReader(context.settings)
  return (text) => plain(text) ?? withoutSeconds(text) ?? withOffset(text, plain)
}

/** `2015-09-15T12:13:14+02:00`, the offset also as `+0200` or `+02`. Source: https://www.rfc-editor.org/rfc/rfc3339 */
function withOffset(text: string, plain: Reader): number | null {
  const offset = /([+-])(\d{2})(?::?(\d{2}))?$/.exec(text)
  const time = text.slice(0, offset?.index ?? 0)
  if (offset === null || !/\dT\d/.test(time)) return null
  const [, sign, hours, minutes = '0'] = offset
  const ahead = (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -1 : 1)
  const serial = plain(time)
  if (serial === null || Number(hours) > 23 || Number(minutes) > 59) return null
  return (Math.round(serial * millisecondsPerDay) - ahead * 60_000) / millisecondsPerDay
}

function dateLike(
  signature: string,
  meaning: string,
  kind: DateKind,
  fallbackOf: (context: FunctionContext) => Reader,
): Definition {
  return {
    signature,
    meaning,
    max: 2,
    evaluate: (args, context) => {
      const initial = context.settings[`${kind}Format`]
      const read = dateReader(args, context, initial, 'date')
      const fallback = fallbackOf(context)
      const plain = textArg(args, 1, context) === null
      return interpreted(
        textArg(args, 0, context),
        (text) => read(text) ?? (plain ? fallback(text) : null),
      )
    },
  }
}

function numberLike(
  signature: string,
  meaning: string,
  defaults: (
    context: FunctionContext,
  ) => readonly [pattern: string, decimal: string, thousand: string],
): Definition {
  return {
    signature,
    meaning,
    max: 4,
    evaluate: (args, context) => {
      const [pattern, decimal, thousand] = defaults(context)
      const given = [
        optionalText(args, 1, context) ?? pattern,
        optionalText(args, 2, context) ?? decimal,
        optionalText(args, 3, context) ?? thousand,
      ] as const
      const read = cachedReader(context.settings, given.join('\u0000'), () =>
        compileNumberReader(...given),
      )
      return interpreted(textArg(args, 0, context), read)
    },
  }
}

export const interpretationFunctions: readonly ScalarFunction[] = category(
  'interpretation',
  'InterpretationFunctions/interpretation-functions.htm',
  [
    numberLike(
      'Num#(text [,format [,dec_sep [,thou_sep]]])',
      'read text as number',
      ({ settings }) => ['', settings.decimalSep, settings.thousandSep],
    ),
    numberLike(
      'Money#(text [,format [,dec_sep [,thou_sep]]])',
      'read text as money',
      ({ settings }) => [settings.moneyFormat, settings.moneyDecimalSep, settings.moneyThousandSep],
    ),
    dateLike('Date#(text [,format])', 'read text as date, keeps the text', 'date', (context) =>
      defaultDate(context, ['date']),
    ),
    dateLike(
      'Timestamp#(text [,format])',
      'read text as timestamp, ISO 8601 included; an offset is converted to UTC',
      'timestamp',
      defaultTimestamp,
    ),
    dateLike('Time#(text [,format])', 'read text as time', 'time', (context) =>
      defaultDate(context, ['time']),
    ),
    {
      signature: 'Interval#(text [,format])',
      meaning: 'read text as duration',
      max: 2,
      evaluate: (args, context) =>
        interpreted(
          textArg(args, 0, context),
          dateReader(args, context, context.settings.timeFormat, 'interval'),
        ),
    },
    {
      signature: 'Text(expr)',
      meaning: 'text part only, no number',
      evaluate: (args, context) => textArg(args, 0, context),
    },
  ],
)
