import type { Value } from '../value/dual.ts'
import {
  anyNumber,
  category,
  type Definition,
  type FunctionContext,
  optionalNumber,
  optionalText,
  portOf,
  type ScalarFunction,
  textArg,
  truth,
} from './function.ts'

function peek(args: readonly Value[], context: FunctionContext): Value {
  const field = textArg(args, 0, context)
  const row = Math.trunc(optionalNumber(args, 1, context, -1))
  if (field === null || Number.isNaN(row)) return null
  return portOf(context, 'peek', 'Peek')(field, row, optionalText(args, 2, context))
}

function lookUp(args: readonly Value[], context: FunctionContext): Value {
  const field = textArg(args, 0, context)
  const matchField = textArg(args, 1, context)
  if (field === null || matchField === null) return null
  return portOf(context, 'lookUp', 'LookUp')(
    field,
    matchField,
    args[2] ?? null,
    optionalText(args, 3, context),
  )
}

function autoNumber(args: readonly Value[], context: FunctionContext): Value {
  const key = textArg(args, 0, context)
  if (key === null) return null
  return portOf(context, 'autoNumber', 'AutoNumber')(key, textArg(args, 1, context) ?? '')
}

/** One number per combination of values, as AutoNumber of their hash would give. */
function autoNumberHash(args: readonly Value[], context: FunctionContext, name: string): Value {
  const key = args.map((_, index) => textArg(args, index, context) ?? '')
  return portOf(
    context,
    'autoNumber',
    name,
  )(key.map((text) => `${text.length}:${text}`).join(''), name)
}

function autoNumberHashOf(name: string, bits: number): Definition {
  return {
    signature: `${name}(expr {,expr})`,
    meaning: `integer per distinct combination, as by a ${bits}-bit hash`,
    max: anyNumber,
    context: 'script',
    pure: false,
    evaluate: (args, context) => autoNumberHash(args, context, name),
  }
}

/** Functions that look at other records of a running load. The evaluator hands over field names as text. */
export const interRecordFunctions: readonly ScalarFunction[] = [
  ...category('inter-record script', 'InterRecordFunctions/inter-record-functions.htm', [
    {
      signature: "Peek('field' [,row [,'table']])",
      meaning: 'value of an output row, -1 = last loaded, 0 = first',
      max: 3,
      context: 'script',
      pure: false,
      evaluate: peek,
    },
    {
      signature: 'Previous(expr)',
      meaning: 'expr on the previous input record, NULL on the first',
      context: 'script',
      pure: false,
      evaluate: (args, context) => {
        const field = textArg(args, 0, context)
        return field === null ? null : portOf(context, 'previous', 'Previous')(field)
      },
    },
    {
      signature: 'Exists(field [,expr])',
      meaning: '-1 when the value is already loaded in the field',
      min: 2,
      context: 'script',
      pure: false,
      evaluate: (args, context) => {
        const field = textArg(args, 0, context)
        return field === null
          ? null
          : truth(portOf(context, 'exists', 'Exists')(field, args[1] ?? null))
      },
    },
    {
      signature: "LookUp('field', 'match_field', value [,'table'])",
      meaning: "first matching row's field",
      min: 3,
      max: 4,
      context: 'script',
      pure: false,
      evaluate: lookUp,
    },
  ]),
  ...category('counter', 'CounterFunctions/counter-functions.htm', [
    {
      signature: 'RecNo()',
      meaning: 'number of the source record, restarts for each source',
      min: 0,
      context: 'script',
      pure: false,
      evaluate: (_, context) => portOf(context, 'recNo', 'RecNo')(),
    },
    {
      signature: 'RowNo()',
      meaning: 'number of the row in the resulting table; only in the topmost preceding load',
      min: 0,
      context: 'script',
      pure: false,
      evaluate: (_, context) => portOf(context, 'rowNo', 'RowNo')(),
    },
    {
      signature: 'IterNo()',
      meaning: 'iteration number inside WHILE, 1-based',
      min: 0,
      context: 'script',
      pure: false,
      evaluate: (_, context) => portOf(context, 'iterNo', 'IterNo')(),
    },
    {
      signature: 'AutoNumber(expr [,AutoID])',
      meaning: 'integer per distinct value in order of appearance, per counter',
      max: 2,
      context: 'script',
      pure: false,
      evaluate: autoNumber,
    },
    autoNumberHashOf('AutoNumberHash128', 128),
    autoNumberHashOf('AutoNumberHash256', 256),
  ]),
]
