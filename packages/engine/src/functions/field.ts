import type { Value } from '../value/dual.ts'
import {
  category,
  type FunctionContext,
  numberArg,
  optionalNumber,
  optionalText,
  portOf,
  type ScalarFunction,
  textArg,
} from './function.ts'

const initialMaxValues = 6

function selectedCount(args: readonly Value[], context: FunctionContext): Value {
  const field = textArg(args, 0, context)
  if (field === null) return null
  const includeExcluded = optionalNumber(args, 1, context, 0) !== 0
  return portOf(context, 'selectedCount', 'GetSelectedCount')(
    field,
    includeExcluded,
    optionalText(args, 2, context),
  )
}

function fieldSelections(args: readonly Value[], context: FunctionContext): Value {
  const field = textArg(args, 0, context)
  if (field === null) return null
  const separator = textArg(args, 1, context) ?? ', '
  const max = optionalNumber(args, 2, context, initialMaxValues)
  return portOf(context, 'fieldSelections', 'GetFieldSelections')(
    field,
    separator,
    max,
    optionalText(args, 3, context),
  )
}

function currentSelections(args: readonly Value[], context: FunctionContext): Value {
  return portOf(context, 'currentSelections', 'GetCurrentSelections')(
    textArg(args, 0, context) ?? '\r\n',
    textArg(args, 1, context) ?? ': ',
    textArg(args, 2, context) ?? ', ',
    optionalNumber(args, 3, context, initialMaxValues),
    optionalText(args, 4, context),
  )
}

function counted(port: 'possibleCount' | 'alternativeCount' | 'excludedCount', name: string) {
  return (args: readonly Value[], context: FunctionContext): Value => {
    const field = textArg(args, 0, context)
    return field === null ? null : portOf(context, port, name)(field)
  }
}

/** Of what the chart is made of; NULL beyond. */
function ofObject(port: 'objectField' | 'objectDimension' | 'objectMeasure', name: string) {
  return (args: readonly Value[], context: FunctionContext): Value =>
    portOf(context, port, name)(Math.trunc(optionalNumber(args, 0, context, 0))) ?? null
}

function fieldValue(args: readonly Value[], context: FunctionContext): Value {
  const field = textArg(args, 0, context)
  const position = Math.trunc(numberArg(args, 1, context))
  if (field === null || !(position >= 1)) return null
  return portOf(context, 'fieldValue', 'FieldValue')(field, position)
}

function fieldIndex(args: readonly Value[], context: FunctionContext): Value {
  const field = textArg(args, 0, context)
  return field === null ? null : portOf(context, 'fieldIndex', 'FieldIndex')(field, args[1] ?? null)
}

/** The field argument arrives as its name. */
export const fieldFunctions: readonly ScalarFunction[] = category(
  'field',
  'FieldFunctions/field-functions.htm',
  [
    {
      signature: 'GetObjectField([index])',
      meaning: 'definition of a dimension of the chart, 0 for the first',
      min: 0,
      max: 1,
      context: 'chart',
      evaluate: ofObject('objectField', 'GetObjectField'),
    },
    {
      signature: 'GetObjectDimension([index])',
      meaning: 'name of a dimension of the chart, 0 for the first',
      min: 0,
      max: 1,
      context: 'chart',
      evaluate: ofObject('objectDimension', 'GetObjectDimension'),
    },
    {
      signature: 'GetObjectMeasure([index])',
      meaning: 'name of a measure of the chart, 0 for the first',
      min: 0,
      max: 1,
      context: 'chart',
      evaluate: ofObject('objectMeasure', 'GetObjectMeasure'),
    },
    {
      signature: 'GetSelectedCount(field [,include_excluded [,state]])',
      meaning: 'number of selected values',
      max: 3,
      context: 'chart',
      evaluate: selectedCount,
    },
    {
      signature: 'GetFieldSelections(field [,sep [,max [,state]]])',
      meaning: 'selected values as text, or x of y',
      max: 4,
      context: 'chart',
      evaluate: fieldSelections,
    },
    {
      signature: 'GetCurrentSelections([rec_sep [,tag_sep [,val_sep [,max [,state]]]]])',
      meaning: 'all selections as text',
      min: 0,
      max: 5,
      context: 'chart',
      evaluate: currentSelections,
    },
    {
      signature: 'GetPossibleCount(field)',
      meaning: 'number of possible values',
      context: 'chart',
      evaluate: counted('possibleCount', 'GetPossibleCount'),
    },
    {
      signature: 'GetAlternativeCount(field)',
      meaning: 'number of alternative values',
      context: 'chart',
      evaluate: counted('alternativeCount', 'GetAlternativeCount'),
    },
    {
      signature: 'GetExcludedCount(field)',
      meaning: 'number of excluded values',
      context: 'chart',
      evaluate: counted('excludedCount', 'GetExcludedCount'),
    },
    {
      signature: 'GetNotSelectedCount(field [,include_excluded])',
      meaning: 'number of values not selected in a field with selections',
      max: 2,
      context: 'chart',
      evaluate: (args, context) => {
        const field = textArg(args, 0, context)
        if (field === null) return null
        return portOf(
          context,
          'notSelectedCount',
          'GetNotSelectedCount',
        )(field, optionalNumber(args, 1, context, 0) !== 0)
      },
    },
    {
      signature: "FieldIndex('field', value)",
      meaning: '1-based load-order position, 0 if absent',
      min: 2,
      pure: false,
      evaluate: fieldIndex,
    },
    {
      signature: "FieldValue('field', n)",
      meaning: 'value at load-order position',
      min: 2,
      pure: false,
      evaluate: fieldValue,
    },
    {
      signature: "FieldValueCount('field')",
      meaning: 'number of distinct values',
      pure: false,
      evaluate: (args, context) => {
        const field = textArg(args, 0, context)
        return field === null
          ? null
          : (portOf(context, 'fieldValueCount', 'FieldValueCount')(field) ?? null)
      },
    },
  ],
)
