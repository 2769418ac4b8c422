import type { JsonObject } from '../../app/document.ts'
import { parseExpression } from '../../expression/parser.ts'
import { fieldsOf } from '../../expression/visit.ts'
import { numberOf } from '../../value/dual.ts'
import { textOf } from '../../value/text-of.ts'
import { evaluateIn, isExpected } from '../evaluate.ts'
import type { TargetOf } from '../handles.ts'
import type { OpenApp } from '../open-app.ts'
import { type AppCall, type MethodTable, method, returned } from './method.ts'

type DocCall = AppCall<TargetOf<'Doc'>>

export const docExpressionMethods: MethodTable<DocCall> = {
  Evaluate: method('qExpression', ({ app, params }) =>
    returned(evaluated(app, params.text('qExpression')).text),
  ),
  EvaluateEx: method('qExpression', ({ app, params }) => {
    const { text, number } = evaluated(app, params.text('qExpression'))
    const isNumber = !Number.isNaN(number)
    return { qValue: { qText: text, qIsNumeric: isNumber, qNumber: isNumber ? number : 0 } }
  }),
  CheckExpression: method('qExpr qLabels', ({ app, params }) =>
    checked(app, params.text('qExpr'), params.texts('qLabels')),
  ),
}

/** An error is told as the text, as clients of these methods expect. */
function evaluated(
  app: OpenApp,
  expression: string,
): { readonly text: string; readonly number: number } {
  try {
    const value = evaluateIn(app, expression)
    return { text: textOf(value, app.session.view.settings) ?? '-', number: numberOf(value) }
  } catch (error) {
    if (!isExpected(error)) throw error
    return { text: `Error: ${error.message.split('\n')[0] ?? ''}`, number: Number.NaN }
  }
}

/** Syntax, and names that are neither fields nor labels. Source: https://help.qlik.com/en-US/sense-developer/Subsystems/EngineJSONAPI/Content/service-doc-checkexpression.htm */
function checked(
  app: OpenApp,
  text: string,
  labels: readonly string[],
): { qErrorMsg: string; qBadFieldNames: JsonObject[]; qDangerousFieldNames: JsonObject[] } {
  const { ast, diagnostics } = parseExpression({ name: 'expression', text })
  const { view } = app.session
  const unknown = fieldsOf(ast).filter(
    ({ name }) => view.fieldIndex(name) === undefined && !labels.includes(name),
  )
  return {
    qErrorMsg: diagnostics[0]?.message ?? '',
    qBadFieldNames: unknown.map(({ span }) => ({
      qFrom: span.start,
      qCount: span.end - span.start,
    })),
    qDangerousFieldNames: [],
  }
}
