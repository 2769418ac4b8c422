import type { Value } from '../value/dual.ts'
import {
  category,
  type FunctionContext,
  numberArg,
  portOf,
  type ScalarFunction,
  textArg,
} from './function.ts'

function ofTable(port: 'noOfRows' | 'noOfFields' | 'tableNumber', name: string) {
  return (args: readonly Value[], context: FunctionContext): Value => {
    const table = textArg(args, 0, context)
    return table === null ? null : (portOf(context, port, name)(table) ?? null)
  }
}

function fieldName(args: readonly Value[], context: FunctionContext): Value {
  const index = Math.trunc(numberArg(args, 0, context))
  const table = textArg(args, 1, context)
  if (Number.isNaN(index) || table === null) return null
  return portOf(context, 'fieldName', 'FieldName')(index, table) ?? null
}

function fieldNumber(args: readonly Value[], context: FunctionContext): Value {
  const field = textArg(args, 0, context)
  const table = textArg(args, 1, context)
  if (field === null || table === null) return null
  return portOf(context, 'fieldNumber', 'FieldNumber')(field, table)
}

function tableName(args: readonly Value[], context: FunctionContext): Value {
  const index = Math.trunc(numberArg(args, 0, context))
  return Number.isNaN(index) ? null : (portOf(context, 'tableName', 'TableName')(index) ?? null)
}

export const tableFunctions: readonly ScalarFunction[] = category(
  'table',
  'TableFunctions/table-functions.htm',
  [
    {
      signature: "NoOfRows('table')",
      meaning: 'number of rows',
      context: 'script',
      pure: false,
      evaluate: ofTable('noOfRows', 'NoOfRows'),
    },
    {
      signature: "NoOfFields('table')",
      meaning: 'number of fields',
      context: 'script',
      pure: false,
      evaluate: ofTable('noOfFields', 'NoOfFields'),
    },
    {
      signature: 'NoOfTables()',
      meaning: 'number of tables',
      min: 0,
      context: 'script',
      pure: false,
      evaluate: (_, context) => portOf(context, 'noOfTables', 'NoOfTables')(),
    },
    {
      signature: 'TableName(n)',
      meaning: 'name of the n-th table, 0-based',
      context: 'script',
      pure: false,
      evaluate: tableName,
    },
    {
      signature: "TableNumber('table')",
      meaning: 'index of a table, NULL if none',
      context: 'script',
      pure: false,
      evaluate: ofTable('tableNumber', 'TableNumber'),
    },
    {
      signature: "FieldName(n, 'table')",
      meaning: 'name of the n-th field, 1-based',
      min: 2,
      context: 'script',
      pure: false,
      evaluate: fieldName,
    },
    {
      signature: "FieldNumber('field', 'table')",
      meaning: 'position of a field, 0 if none',
      min: 2,
      context: 'script',
      pure: false,
      evaluate: fieldNumber,
    },
  ],
)
