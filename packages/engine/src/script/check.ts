import type { SourceText } from '../base/errors.ts'
import { parseExpression } from '../expression/parser.ts'
import { blocksOf } from './blocks.ts'
import type { ScriptDiagnostic } from './diagnostic.ts'
import { parseControl } from './parse-control.ts'
import { parseStatement } from './parse-statement.ts'
import { type RawStatement, splitScript } from './split.ts'
import type { Fragment, Statement } from './statement.ts'

export type { ScriptDiagnostic } from './diagnostic.ts'

const controlKeywords: ReadonlySet<string> = new Set([
  'IF',
  'ELSEIF',
  'SWITCH',
  'CASE',
  'FOR',
  'DO',
  'LOOP',
  'SUB',
])
const silentKeywords: ReadonlySet<string> = new Set([
  'ELSE',
  'DEFAULT',
  'NEXT',
  'END IF',
  'END SUB',
  'END SWITCH',
])

/**
 * All mistakes of a script that can be seen without running it, in the order of the text. Statements with a dollar expansion are
 * judged only when they run. Never throws.
 */
export function checkScript(source: SourceText): readonly ScriptDiagnostic[] {
  const { statements, diagnostics } = splitScript(source.text)
  const found = [
    ...diagnostics,
    ...blocksOf(statements).diagnostics,
    ...statements.flatMap(checkStatement),
  ]
  return found.sort((left, right) => left.span.start - right.span.start)
}

function checkStatement(raw: RawStatement): ScriptDiagnostic[] {
  if (raw.text.includes('$(') || silentKeywords.has(raw.keyword)) return []
  const moved = ({ code, message, span }: ScriptDiagnostic): ScriptDiagnostic => ({
    code,
    message,
    span: { start: raw.start + span.start, end: raw.start + span.end },
  })
  if (controlKeywords.has(raw.keyword)) return parseControl(raw.text).diagnostics.map(moved)
  const { statement, diagnostics } = parseStatement(raw.text)
  if (statement === undefined) return diagnostics.map(moved)
  return judged(statement).map(moved)
}

/** Mistakes in the expressions of a statement, and statements this build does not carry out. */
function judged(statement: Statement): ScriptDiagnostic[] {
  const regular = statement.kind === 'guarded' ? statement.statement : statement
  if (regular.kind === 'unsupported')
    return [
      {
        code: 'script-failed',
        message: `${regular.statement} is not built yet`,
        span: regular.span,
      },
    ]
  if (regular.kind === 'section' && regular.access)
    return [
      {
        code: 'section-access-unavailable',
        message: 'This build cannot apply SECTION ACCESS; the script will not load',
        span: regular.span,
      },
    ]
  return fragmentsOf(regular).flatMap(({ text, span }) =>
    parseExpression({ name: 'expression', text }).diagnostics.map(
      ({ code, message, span: inner }) => ({
        code,
        message,
        span: { start: span.start + inner.start, end: span.start + inner.end },
      }),
    ),
  )
}

function fragmentsOf(statement: Statement): readonly Fragment[] {
  if (statement.kind === 'let') return statement.value === undefined ? [] : [statement.value]
  if (statement.kind !== 'load') return []
  const fields = statement.fields.flatMap((field) =>
    field.kind === 'expression' ? [field.expression] : [],
  )
  return [
    ...fields,
    ...[statement.where, statement.while].filter((each) => each !== undefined),
    ...statement.groupBy,
  ]
}
