import type { SourceText } from '../base/errors.ts'
import { blocksOf } from './blocks.ts'
import { type ExpressionPlace, mistakesIn } from './check-expression.ts'
import { tableWarnings } from './check-tables.ts'
import type { ScriptDiagnostic } from './diagnostic.ts'
import { missingSource } from './missing-source.ts'
import { type ControlClause, parseControl } from './parse-control.ts'
import { parseStatement } from './parse-statement.ts'
import { type RawStatement, splitScript } from './split.ts'
import type { Fragment, RegularStatement, Statement } from './statement.ts'
import { mustComeFirst } from './statements/binary.ts'
import { refusalOf } from './unsupported-prefix.ts'

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

/** A statement as far as it is known before the script runs. */
interface Checked {
  readonly raw: RawStatement
  /** Undefined for control clauses, for what expansions decide, and for what is no statement. */
  readonly statement: Statement | undefined
  /** In the text of the statement. */
  readonly diagnostics: readonly ScriptDiagnostic[]
}

/**
 * All mistakes of a script that can be seen without running it, in the order of the text, and warnings for tables nothing makes.
 * Statements with a dollar expansion are judged only when they run. Never throws.
 */
export function checkScript(source: SourceText): readonly ScriptDiagnostic[] {
  const { statements, diagnostics } = splitScript(source.text)
  const checked = statements.map(checkStatement)
  const found = [
    ...diagnostics,
    ...blocksOf(statements).diagnostics,
    ...checked.flatMap((each, index) =>
      [...each.diagnostics, ...inContext(each, index, checked)].map((diagnostic) =>
        moved(diagnostic, each.raw),
      ),
    ),
    ...warnings(checked),
  ]
  return found.sort((left, right) => left.span.start - right.span.start)
}

function moved(diagnostic: ScriptDiagnostic, { start }: RawStatement): ScriptDiagnostic {
  const { code, message, span, severity } = diagnostic
  return {
    code,
    message,
    span: { start: start + span.start, end: start + span.end },
    ...(severity === undefined ? {} : { severity }),
  }
}

function checkStatement(raw: RawStatement): Checked {
  if (isOpen(raw) || silentKeywords.has(raw.keyword))
    return { raw, statement: undefined, diagnostics: [] }
  if (controlKeywords.has(raw.keyword)) {
    const { clause, diagnostics } = parseControl(raw.text)
    const mistakes =
      clause === undefined
        ? []
        : fragmentsOfClause(clause).flatMap((each) => mistakesIn(each, 'once'))
    return { raw, statement: undefined, diagnostics: [...diagnostics, ...mistakes] }
  }
  const { statement, diagnostics } = parseStatement(raw.text)
  const mistakes =
    statement === undefined
      ? []
      : fragmentsOf(statement).flatMap(({ fragment, place }) => mistakesIn(fragment, place))
  return { raw, statement, diagnostics: [...diagnostics, ...mistakes] }
}

/** Its text is known only when the script runs. */
function isOpen({ text }: RawStatement): boolean {
  return text.includes('$(')
}

/** Mistakes that show only beside other statements, and what is not built. */
function inContext(
  { statement, diagnostics }: Checked,
  index: number,
  all: readonly Checked[],
): readonly ScriptDiagnostic[] {
  const regular = statement === undefined ? undefined : regularOf(statement)
  if (regular?.kind === 'unsupported') return [refusalOf(regular)]
  if (regular?.kind === 'binary' && index > 0)
    return [{ code: 'script-failed', message: mustComeFirst, span: regular.span }]
  if (regular?.kind !== 'load' || regular.source.kind !== 'preceding' || diagnostics.length > 0)
    return []
  const next = all[index + 1]
  const isRead =
    next !== undefined && (isOpen(next.raw) || next.statement?.kind === 'load' || isBroken(next))
  return isRead ? [] : [missingSource(regular)]
}

function isBroken({ statement, raw }: Checked): boolean {
  return statement === undefined && /\b(?:load|select)\b/i.test(raw.text)
}

function warnings(checked: readonly Checked[]): readonly ScriptDiagnostic[] {
  const rawOf = new Map(
    checked.flatMap(({ statement, raw }) =>
      statement === undefined ? [] : [[regularOf(statement), raw] as const],
    ),
  )
  const complete = checked.every(
    (each) => !isOpen(each.raw) && each.raw.keyword !== 'CALL' && !isBroken(each),
  )
  return tableWarnings([...rawOf.keys()], complete).flatMap(({ of, ...diagnostic }) => {
    const raw = rawOf.get(of)
    return raw === undefined ? [] : [moved(diagnostic, raw)]
  })
}

function regularOf(statement: Statement): RegularStatement {
  return statement.kind === 'guarded' ? statement.statement : statement
}

interface PlacedFragment {
  readonly fragment: Fragment
  readonly place: ExpressionPlace
}

function fragmentsOf(statement: Statement): readonly PlacedFragment[] {
  const guard = statement.kind === 'guarded' ? [statement.guard.condition] : []
  const regular = regularOf(statement)
  return [
    ...[...guard, ...fragmentsOnce(regular)].map((fragment) => ({
      fragment,
      place: 'once' as const,
    })),
    ...fragmentsOverRecords(regular).map((fragment) => ({ fragment, place: 'record' as const })),
  ]
}

function fragmentsOnce(statement: RegularStatement): readonly Fragment[] {
  switch (statement.kind) {
    case 'let':
      return statement.value === undefined ? [] : [statement.value]
    case 'sleep':
      return [statement.milliseconds]
    case 'exit':
      return statement.guard === undefined ? [] : [statement.guard.condition]
    case 'declare':
      return statement.parameters.map(({ value }) => value)
    case 'load':
      return [
        ...(statement.source.kind === 'autogenerate' ? [statement.source.rows] : []),
        ...statement.prefixes.flatMap((prefix) => ('amount' in prefix ? [prefix.amount] : [])),
      ]
    default:
      return []
  }
}

function fragmentsOverRecords(statement: RegularStatement): readonly Fragment[] {
  if (statement.kind === 'declare') return statement.fields.map(({ expression }) => expression)
  if (statement.kind !== 'load') return []
  return [
    ...statement.fields.flatMap((field) => (field.kind === 'expression' ? [field.expression] : [])),
    ...[statement.where, statement.while].filter((each) => each !== undefined),
    ...statement.groupBy,
  ]
}

function fragmentsOfClause(clause: ControlClause): readonly Fragment[] {
  switch (clause.kind) {
    case 'if':
    case 'switch':
      return [clause.expression]
    case 'case':
      return clause.values
    case 'for':
      return [clause.from, clause.to, ...(clause.step === undefined ? [] : [clause.step])]
    case 'for-each':
      return clause.items.map((item) => (item.kind === 'value' ? item.expression : item.argument))
    case 'do':
      return clause.condition === undefined ? [] : [clause.condition]
    case 'sub':
      return []
  }
}
