import { ExpressionError, LichenError } from '../base/errors.ts'
import type { Diagnostic } from './ast.ts'
import { Binder } from './bind.ts'
import { expandDollars } from './dollar.ts'
import type { Environment } from './environment.ts'
import { evaluateExpression } from './evaluate.ts'
import { parseExpression } from './parser.ts'

/**
 * What is wrong with an expression, before it is used: syntax, unknown fields and functions, wrong arguments, illegal nesting. Spans point
 * into the text after dollar expansion. Empty when nothing is wrong.
 */
export function checkExpression(text: string, env: Environment): Diagnostic[] {
  const whole = { start: 0, end: text.length }
  try {
    const expanded = expandDollars(text, {
      variable: (name) => env.variable(name),
      evaluate: (inner) => evaluateExpression(inner, env),
      settings: env.view.settings,
      context: 'chart',
    })
    const source = { name: 'expression', text: expanded }
    const { ast, diagnostics } = parseExpression(source)
    if (diagnostics.length > 0) return [...diagnostics]
    new Binder(env).bindGroup(ast, source)
    return []
  } catch (error) {
    if (error instanceof ExpressionError)
      return [{ code: error.code, message: firstLine(error.message), span: error.span }]
    if (error instanceof LichenError)
      return [{ code: error.code, message: firstLine(error.message), span: whole }]
    throw error
  }
}

/** The message without the printed location. */
function firstLine(message: string): string {
  return message.split('\n', 1)[0] ?? message
}
