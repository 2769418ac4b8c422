import { StatementError } from './row-expression.ts'
import type { StatementOf } from './statement.ts'

const embedding =
  'it embeds files in the app, which holds data only; load the paths as a field and let the client show what they name'

/** Prefixes the language has and this engine has not: why, and what to do instead. */
const reasons: ReadonlyMap<string, string> = new Map([
  ['BUNDLE', embedding],
  ['INFO', embedding],
  ['IMAGE_SIZE', embedding],
  [
    'SEMANTIC',
    'fields that lead from record to record are not built; load the relation as a table, or expand it with HIERARCHY or HIERARCHYBELONGSTO',
  ],
])

export const unsupportedPrefixes: ReadonlySet<string> = new Set(reasons.keys())

/** Source: https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/Scripting/ScriptPrefixes/Semantic.htm */
export function refusalOf({ statement, span }: StatementOf<'unsupported'>): StatementError {
  return new StatementError(
    'script-failed',
    `${statement}: ${reasons.get(statement) ?? 'it is not built'}`,
    span,
  )
}
