import type { FieldDefinition } from '../field-definition.ts'
import { compileOverRecord, evaluateOnce, parseFragment } from '../language.ts'
import { StatementError } from '../row-expression.ts'
import { listOf, type RunState } from '../run-state.ts'
import type { Name, StatementOf } from '../statement.ts'

/**
 * `name: DECLARE FIELD DEFINITION …`. One that uses another has its fields and tags, and other values for parameters of it.
 * Source: https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/Scripting/ScriptRegularStatements/Declare.htm
 * @throws StatementError for mistakes in the expressions, and for parameters the other definition does not have
 */
export function declare(statement: StatementOf<'declare'>, state: RunState): void {
  const { name, tags, using, fields } = statement
  const base = using === undefined ? undefined : definitionNamed(using, state)
  const parameters = new Map(base?.parameters)
  for (const { name: parameter, value } of statement.parameters) {
    if (base !== undefined && !base.parameters.has(parameter.text))
      throw new StatementError(
        'script-failed',
        `The definition has no parameter "${parameter.text}"; it has ${listOf(base.parameters.keys())}`,
        parameter.span,
      )
    parameters.set(parameter.text, evaluateOnce(value, state))
  }
  if (base !== undefined) {
    state.definitions.set(name.text, { ...base, parameters })
    return
  }
  const slots = new Map(['$1', ...parameters.keys()].map((slot, index) => [slot, index]))
  state.definitions.set(name.text, {
    tags,
    parameters,
    fields: fields.map((field) => ({
      name: field.name.text,
      tags: field.tags,
      expression: compileOverRecord(
        parseFragment(field.expression),
        field.expression,
        slots,
        state,
      ),
    })),
  })
}

/** @throws StatementError `script-failed` */
export function definitionNamed(name: Name, { definitions }: RunState): FieldDefinition {
  const definition = definitions.get(name.text)
  if (definition === undefined)
    throw new StatementError(
      'script-failed',
      `There is no field definition "${name.text}"; DECLARE it before. So far: ${listOf(definitions.keys())}`,
      name.span,
    )
  return definition
}
