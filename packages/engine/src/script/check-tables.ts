import type { ScriptDiagnostic } from './diagnostic.ts'
import { tableOfSelect } from './parse-sql.ts'
import { listOf } from './run-state.ts'
import { baseName } from './sources.ts'
import type { LoadSource, LoadStatement, Name, RegularStatement } from './statement.ts'

/**
 * Warnings for tables that statements ask for and none can have made. Where a name is known only when the script runs (expansions, BINARY,
 * partial reloads, includes, GENERIC) nothing is said: `complete` is false.
 */
export function tableWarnings(
  statements: readonly RegularStatement[],
  complete: boolean,
): readonly (ScriptDiagnostic & { readonly of: RegularStatement })[] {
  if (!complete || statements.some(hidesNames)) return []
  const known = new Set(statements.flatMap(namesMade))
  return statements.flatMap((of) =>
    namesAsked(of)
      .filter(({ text }) => !known.has(text) && !known.has(text.replace(/-\d+$/, '')))
      .map(({ text, span }) => ({
        code: 'table-not-found' as const,
        message: `No statement makes a table "${text}"; tables of the script: ${listOf([...known].filter((name) => !/^(?:INLINE|AUTOGENERATE)\d\d$/.test(name)))}`,
        span,
        severity: 'warning' as const,
        of,
      })),
  )
}

function hidesNames(statement: RegularStatement): boolean {
  if (statement.kind === 'rename')
    return statement.what === 'table' && statement.using !== undefined
  if (statement.kind !== 'load') return statement.kind === 'binary'
  const { prefixes, source } = statement
  return (
    prefixes.some(({ kind }) => ['add', 'replace', 'merge', 'generic'].includes(kind)) ||
    (source.kind === 'from' && /[*?]/.test(source.path.text))
  )
}

function namesMade(statement: RegularStatement): readonly string[] {
  if (statement.kind === 'rename' && statement.what === 'table')
    return statement.pairs.map(({ to }) => to.text)
  if (statement.kind !== 'load') return []
  return [
    ...(statement.label === undefined ? [] : [statement.label.text]),
    ...ownNames(statement.source),
  ]
}

/** What a table without a label is called. */
function ownNames(source: LoadSource): readonly string[] {
  switch (source.kind) {
    case 'from':
      return [baseName(source.path.text)]
    case 'resident':
    case 'from-field':
      return [`${source.table.text}-1`]
    case 'inline':
      return numbered('INLINE')
    case 'autogenerate':
      return numbered('AUTOGENERATE')
    case 'sql':
      return [tableOfSelect(source.text.text) ?? `SQL${source.what}`]
    default:
      return []
  }
}

function numbered(name: string): readonly string[] {
  return Array.from({ length: 99 }, (_, index) => `${name}${String(index + 1).padStart(2, '0')}`)
}

function namesAsked(statement: RegularStatement): readonly Name[] {
  switch (statement.kind) {
    case 'load':
      return namesOfLoad(statement)
    case 'drop-tables':
    case 'loosen':
      return statement.tables
    case 'drop-fields':
      return statement.tables
    case 'store':
      return [statement.table]
    case 'rename':
      return statement.what === 'table' ? statement.pairs.map(({ from }) => from) : []
    default:
      return []
  }
}

function namesOfLoad({ prefixes, source }: LoadStatement): readonly Name[] {
  const targets = prefixes.flatMap((prefix) =>
    'table' in prefix && prefix.table !== undefined ? [prefix.table] : [],
  )
  return source.kind === 'resident' || source.kind === 'from-field'
    ? [...targets, source.table]
    : targets
}
