import type { Call, Expression } from '../expression/ast.ts'
import { findFunction } from '../functions/registry.ts'
import type { FormatSettings } from '../value/format-settings.ts'
import type { NumberFormat } from '../value/number-format.ts'
import type { ParsedOutput } from './compile-expression.ts'
import type { StageSource } from './stage.ts'

/**
 * The formats the fields of a LOAD get from their outermost function, such as `Date(x, 'M/D/YYYY')`, or from the field they are.
 * Source: https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/Scripting/FormattingFunctions/formatting-functions.htm
 */
export function formatsOf(
  outputs: readonly ParsedOutput[],
  source: StageSource,
  settings: FormatSettings,
): readonly (NumberFormat | undefined)[] {
  return outputs.map(({ ast }) =>
    ast.kind === 'field'
      ? source.formats?.[source.fields.indexOf(ast.name)]
      : ast.kind === 'call'
        ? formatOfCall(ast, settings)
        : undefined,
  )
}

/** Functions that read a number by the pattern that is their second argument. */
const readers: ReadonlyMap<string, NumberFormat['kind']> = new Map([
  ['date#', 'date'],
  ['time#', 'time'],
  ['timestamp#', 'timestamp'],
  ['interval#', 'interval'],
  ['num#', 'number'],
  ['money#', 'money'],
])

function formatOfCall({ name, args }: Call, settings: FormatSettings): NumberFormat | undefined {
  const definition = findFunction(name)
  const kind = readers.get(name.toLowerCase()) ?? definition?.resultFormat
  if (kind === undefined) return undefined
  if (!readers.has(name.toLowerCase()) && definition?.category !== 'formatting')
    return byDefault(kind, settings)
  if (args.length === 1) return byDefault(kind, settings)
  const [, pattern, decimal, thousand] = args.map(constantText)
  if (pattern === undefined || pattern === '') return undefined
  if (args.length > 2 && decimal === undefined) return undefined
  if (args.length > 3 && thousand === undefined) return undefined
  return {
    kind,
    pattern,
    ...(decimal === undefined ? {} : { decimalSeparator: decimal }),
    ...(thousand === undefined ? {} : { thousandSeparator: thousand }),
  }
}

/** What the format variables say of dates and times. */
function byDefault(kind: NumberFormat['kind'], settings: FormatSettings): NumberFormat | undefined {
  switch (kind) {
    case 'date':
      return { kind, pattern: settings.dateFormat }
    case 'time':
      return { kind, pattern: settings.timeFormat }
    case 'timestamp':
      return { kind, pattern: settings.timestampFormat }
    default:
      return undefined
  }
}

function constantText(argument: Expression): string | undefined {
  return argument.kind === 'literal' && typeof argument.value === 'string'
    ? argument.value
    : undefined
}
