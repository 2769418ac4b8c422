import type { Json, JsonObject } from '../app/document.ts'
import { LichenError } from '../base/errors.ts'
import { numberOf, type Value } from '../value/dual.ts'
import { textOf } from '../value/text-of.ts'
import { expressionAt, wireNumber } from './json.ts'
import type { OpenApp } from './open-app.ts'

/** The value of an expression with or without its `=`. @throws ExpressionError */
export function evaluateIn(app: OpenApp, expression: string, state?: string): Value {
  return app.session.evaluate(expression.trim().replace(/^=/, ''), state || undefined)
}

/** What a `qStringExpression` shows: the message of an error stands in its place. */
export function textOfExpression(app: OpenApp, expression: string, state?: string): string {
  try {
    return textOf(evaluateIn(app, expression, state), app.session.view.settings) ?? ''
  } catch (error) {
    if (!isExpected(error)) throw error
    return error.message.split('\n')[0] ?? ''
  }
}

/** What a `qValueExpression` gives. */
export function numberOfExpression(app: OpenApp, expression: string, state?: string): Json {
  try {
    return wireNumber(numberOf(evaluateIn(app, expression, state)))
  } catch (error) {
    if (!isExpected(error)) throw error
    return 'NaN'
  }
}

/** A label may be an expression with a leading `=`. */
export function labelText(app: OpenApp, label: string, state?: string): string {
  return label.startsWith('=') ? textOfExpression(app, label, state) : label
}

/** Whether the condition of `qCalcCondition` (or the older `qCalcCond`) holds; none holds. */
export function conditionHolds(
  app: OpenApp,
  condition: JsonObject | undefined,
  older: JsonObject,
  state?: string,
): boolean {
  const expression = expressionAt(condition, 'qCond') ?? expressionAt(older, 'qCalcCond')
  if (expression === undefined) return true
  const number = numberOfExpression(app, expression, state)
  return typeof number === 'number' && number !== 0
}

/** An error an author can make; a cancelled calculation and our own bugs are not. */
export function isExpected(error: unknown): error is LichenError {
  return error instanceof LichenError && error.code !== 'internal' && error.code !== 'cancelled'
}
