import { ExpressionError, LichenError } from '../base/errors.ts'
import type { Call } from '../expression/ast.ts'
import { parseExpression } from '../expression/parser.ts'
import { compileRowExpression, type RowScope } from '../expression/row-evaluator.ts'
import { defaultFormatSettings } from '../value/format-settings.ts'
import type { ScriptDiagnostic } from './diagnostic.ts'
import type { Fragment } from './statement.ts'

/** Where an expression stands: `record` in a LOAD, where there are fields and aggregations; `once` elsewhere. */
export type ExpressionPlace = 'record' | 'once'

const source = 'expression'
const windows: ReadonlySet<string> = new Set(['window', 'wrank'])

/** What is wrong with an expression whatever the data: its syntax, else the first unknown function or wrong number of arguments. */
export function mistakesIn(fragment: Fragment, place: ExpressionPlace): ScriptDiagnostic[] {
  const { text, span } = fragment
  const { ast, diagnostics } = parseExpression({ name: source, text })
  const moved = (inner: Fragment['span']): Fragment['span'] => ({
    start: span.start + inner.start,
    end: span.start + inner.end,
  })
  if (diagnostics.length > 0)
    return diagnostics.map(({ code, message, span: inner }) => ({
      code,
      message,
      span: moved(inner),
    }))
  try {
    compileRowExpression(ast, scopeOf(place, text), { name: source, text })
    return []
  } catch (cause) {
    if (!(cause instanceof LichenError)) throw cause
    const [message = ''] = cause.message.split(`\n${source}:`)
    return [
      {
        code: cause.code,
        message,
        span: cause instanceof ExpressionError ? moved(cause.span) : span,
      },
    ]
  }
}

/** Any name is a field or a variable. */
function scopeOf(place: ExpressionPlace, text: string): RowScope {
  const context = {
    settings: defaultFormatSettings,
    clock: { now: () => 0 },
    ports: {},
  }
  const once: RowScope = { fieldIndex: () => 0, context }
  if (place === 'once') return once
  const inside: RowScope = { ...once, previousRow: () => null }
  const checked = (call: Call): (() => null) => {
    for (const argument of call.args) compileRowExpression(argument, inside, { name: source, text })
    return () => null
  }
  return {
    ...inside,
    aggregateSlot: checked,
    replace: (call) => (windows.has(call.name.toLowerCase()) ? () => null : undefined),
  }
}
