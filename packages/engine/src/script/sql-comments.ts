import { parseStatement } from './parse-statement.ts'
import type { Place } from './place.ts'
import type { LoadStatement } from './statement.ts'

/**
 * StripComments=0: what the database is sent, with the comments the script has in it. Where an expansion stands before the statement of the
 * database, its place in the script is not known and the comments stay away.
 * Source: https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/Scripting/SystemVariables/StripComments.htm
 */
export async function withComments(
  load: LoadStatement,
  { source, raw }: Place,
  expand: (text: string) => Promise<string>,
): Promise<LoadStatement> {
  if (load.source.kind !== 'sql') return load
  const start = sqlStart(raw.text)
  if (start === undefined) return load
  const text = await expand(source.text.slice(raw.start + start, raw.end))
  const { span } = load.source.text
  return { ...load, source: { ...load.source, text: { text, span } } }
}

/** Where the language of the database begins in a statement that is not yet expanded. */
function sqlStart(text: string): number | undefined {
  const { statement } = parseStatement(text)
  const regular = statement?.kind === 'guarded' ? statement.statement : statement
  if (regular?.kind !== 'load' || regular.source.kind !== 'sql') return undefined
  return regular.source.text.span.start
}
