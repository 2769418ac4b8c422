import { Dual, type Value } from '../value/dual.ts'
import { formatNumber } from '../value/format-number.ts'
import type { NumberFormat } from '../value/number-format.ts'
import {
  category,
  type Definition,
  type FunctionContext,
  numberArg,
  optionalText,
  type ResultFormat,
  type ScalarFunction,
  textArg,
} from './function.ts'

/** The number of the first argument, shown by the pattern of the second or the default of the kind. */
function formatted(
  args: readonly Value[],
  context: FunctionContext,
  kind: NumberFormat['kind'],
): Value {
  const number = numberArg(args, 0, context)
  if (Number.isNaN(number)) return null
  const pattern = textArg(args, 1, context) ?? ''
  const decimalSeparator = optionalText(args, 2, context)
  const thousandSeparator = optionalText(args, 3, context)
  if (kind === 'number' && pattern === '' && decimalSeparator === undefined) return number
  const format: NumberFormat = {
    kind,
    pattern,
    ...(decimalSeparator === undefined ? {} : { decimalSeparator }),
    ...(thousandSeparator === undefined ? {} : { thousandSeparator }),
  }
  return new Dual(formatNumber(number, format, context.settings), number)
}

function formatting(
  signature: string,
  meaning: string,
  kind: NumberFormat['kind'] & ResultFormat,
  max: number,
): Definition {
  return {
    signature,
    meaning,
    max,
    resultFormat: kind,
    evaluate: (args, context) => formatted(args, context, kind),
  }
}

export const formattingFunctions: readonly ScalarFunction[] = category(
  'formatting',
  'FormattingFunctions/formatting-functions.htm',
  [
    formatting(
      'Num(number [,format [,dec_sep [,thou_sep]]])',
      'number with a number format',
      'number',
      4,
    ),
    formatting(
      'Money(number [,format [,dec_sep [,thou_sep]]])',
      'number with the money format',
      'money',
      4,
    ),
    formatting('Date(number [,format])', 'number shown as date, number unchanged', 'date', 2),
    formatting('Time(number [,format])', 'number shown as time', 'time', 2),
    formatting('Timestamp(number [,format])', 'number shown as timestamp', 'timestamp', 2),
    formatting(
      'Interval(number [,format])',
      'number shown as duration, hours not wrapped',
      'interval',
      2,
    ),
    {
      signature: 'Dual(text, number)',
      meaning: 'value with separate text and number',
      min: 2,
      evaluate: (args, context) => {
        const text = textArg(args, 0, context)
        const number = numberArg(args, 1, context)
        if (Number.isNaN(number)) return text
        return text === null ? number : new Dual(text, number)
      },
    },
  ],
)
