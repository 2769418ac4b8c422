import type { SourceText } from '../base/errors.ts'
import type { Value } from '../value/dual.ts'
import type { Expression } from './ast.ts'
import { expandDollars } from './dollar.ts'
import type { Environment } from './environment.ts'
import { diagnosticError, parseExpression } from './parser.ts'

export interface Prepared {
  readonly ast: Expression
  /** After dollar expansion; spans point into it. */
  readonly source: SourceText
}

/**
 * Expands the dollars of an expression and parses it. `evaluate` gives the value of `$(=…)`.
 * @throws ExpressionError `expression-syntax`
 */
export function prepare(
  text: string,
  env: Environment,
  evaluate: (text: string) => Value,
): Prepared {
  const expanded = expandDollars(text, {
    variable: (name) => env.variable(name),
    evaluate,
    settings: env.view.settings,
    context: 'chart',
  })
  const source = { name: 'expression', text: expanded }
  const { ast, diagnostics } = parseExpression(source)
  const [first] = diagnostics
  if (first !== undefined) throw diagnosticError(first, source)
  return { ast, source }
}
