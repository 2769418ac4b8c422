import { callsOf, fieldsOf } from '../expression/visit.ts'
import { evaluateOnce, parseFragment, within } from './language.ts'
import type { RunState } from './run-state.ts'
import type { Fragment, LoadStatement } from './statement.ts'

const asksByPath: ReadonlySet<string> = new Set([
  'filesize',
  'filetime',
  'qvdcreatetime',
  'qvdfieldname',
  'qvdnooffields',
  'qvdnoofrecords',
  'qvdtablename',
])
const mayAsk = /\b(?:file(?:size|time)|qvd\w+)\s*\(/i

/** Before a LOAD, the facts of the files its expressions name: while records are read nobody can wait for them. @throws LoadError, AccessError, StatementError */
export async function askForFiles(load: LoadStatement, state: RunState): Promise<void> {
  for (const fragment of fragmentsOf(load)) {
    if (!mayAsk.test(fragment.text)) continue
    for (const { name, args, span } of callsOf(parseFragment(fragment))) {
      const [path] = args
      if (path === undefined || !asksByPath.has(name.toLowerCase())) continue
      if (fieldsOf(path).length > 0) continue
      const call: Fragment = {
        text: fragment.text.slice(span.start, span.end),
        span: within(fragment, span),
      }
      await state.files.knowing(() => evaluateOnce(call, state))
    }
  }
}

/** Names of the fields that the expressions of a LOAD read, each once. @throws StatementError */
export function fieldsAsked(load: LoadStatement): readonly string[] {
  const fields = fragmentsOf(load).flatMap((fragment) => fieldsOf(parseFragment(fragment)))
  return [...new Set(fields.map(({ name }) => name))]
}

/** The expressions of a LOAD that see its records, and those of its prefixes. */
export function fragmentsOf(load: LoadStatement): readonly Fragment[] {
  const { fields, source, where, while: again, groupBy, prefixes } = load
  return [
    ...fields.flatMap((field) => (field.kind === 'expression' ? [field.expression] : [])),
    ...[where, again].filter((each) => each !== undefined),
    ...groupBy,
    ...(source.kind === 'autogenerate' ? [source.rows] : []),
    ...prefixes.flatMap((prefix) =>
      prefix.kind === 'first' || prefix.kind === 'sample' ? [prefix.amount] : [],
    ),
  ]
}
