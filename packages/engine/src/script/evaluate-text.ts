import { LichenError } from '../base/errors.ts'
import { parseExpression } from '../expression/parser.ts'
import { compileRowExpression } from '../expression/row-evaluator.ts'
import type { FunctionContext } from '../functions/registry.ts'
import type { Value } from '../value/dual.ts'
import { Record } from './record.ts'

/** Evaluate() within Evaluate() beyond this is NULL. */
const maxLevels = 16
let levels = 0

/** The value of a text as an expression without fields; NULL when it is no expression or fails. */
export function evaluateText(text: string, context: FunctionContext): Value {
  const source = { name: 'Evaluate', text }
  const { ast, diagnostics } = parseExpression(source)
  if (diagnostics.length > 0 || levels >= maxLevels) return null
  levels += 1
  try {
    const scope = { fieldIndex: () => undefined, context }
    return compileRowExpression(ast, scope, source).evaluate(new Record(0))
  } catch (cause) {
    if (cause instanceof LichenError && cause.code !== 'cancelled') return null
    throw cause
  } finally {
    levels -= 1
  }
}
