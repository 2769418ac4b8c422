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

type Reader = (text: string) => number | null

// Readers by what they depend on, so that a column is not compiled value by value.
const readers = new WeakMap<object, Map<string, Reader>>()
const readersPerSettings = 256

function cachedReader(settings: object, key: string, compile: () => Reader): Reader {
  const known = readers.get(settings) ?? new Map<string, Reader>()
  readers.set(settings, known)
  const found = known.get(key)
  if (found !== undefined) return found
  if (known.size >= readersPerSettings) known.clear()
  const reader = compile()
  known.set(key, reader)
  return reader
}

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
function defaultDate(context: FunctionContext, kinds: readonly string[]): Reader {
  return (text) => {
    const found = interpretText(text, context.settings)
    return found?.format != null && kinds.includes(found.format.kind) ? found.number : null
  }
}

function dateLike(
  signature: string,
  meaning: string,
  kind: 'date' | 'time' | 'timestamp',
  fallbackKinds: readonly string[],
): Definition {
  return {
    signature,
    meaning,
    max: 2,
    evaluate: (args, context) => {
      const initial = context.settings[`${kind}Format`]
      const read = dateReader(args, context, initial, 'date')
      const fallback = defaultDate(context, fallbackKinds)
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
    dateLike('Date#(text [,format])', 'read text as date, keeps the text', 'date', ['date']),
    dateLike(
      'Timestamp#(text [,format])',
      'read text as timestamp, ISO 8601 included',
      'timestamp',
      ['date', 'timestamp'],
    ),
    dateLike('Time#(text [,format])', 'read text as time', 'time', ['time']),
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
