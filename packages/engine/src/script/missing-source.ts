import { levenshtein } from '../math/levenshtein.ts'
import { parseFragment } from './language.ts'
import { StatementError } from './row-expression.ts'
import type { Fragment, LoadStatement } from './statement.ts'

const sourceWords = ['FROM', 'RESIDENT', 'INLINE', 'AUTOGENERATE', 'FROM_FIELD']

/** What to say of a LOAD that has no source and nothing to read from: a misspelt word such as FORM, where there is one. */
export function missingSource(load: LoadStatement): StatementError {
  for (const field of load.fields) {
    const mistake = field.kind === 'expression' ? mistakeIn(field.expression) : undefined
    if (mistake !== undefined) return mistake
  }
  return new StatementError(
    'script-syntax',
    'This LOAD has no source, and no LOAD follows that it could read; add FROM, INLINE, RESIDENT or AUTOGENERATE',
    load.span,
  )
}

function mistakeIn(expression: Fragment): StatementError | undefined {
  try {
    parseFragment(expression)
    return undefined
  } catch (cause) {
    if (!(cause instanceof StatementError)) throw cause
    const { start } = expression.span
    const word = expression.text.slice(cause.span.start - start, cause.span.end - start)
    const meant = sourceWords.find(
      (known) => word.length > 2 && levenshtein(word.toUpperCase(), known) <= 2,
    )
    if (meant === undefined) return cause
    return new StatementError(cause.code, `${cause.message}; did you mean ${meant}?`, cause.span)
  }
}
