import { shownFalse, shownTrue } from '../../functions/function.ts'
import { textOf } from '../../value/text-of.ts'
import { evaluateOnce } from '../language.ts'
import type { FieldRules, RunState } from '../run-state.ts'
import type { Fragment, Name, RegularStatement } from '../statement.ts'
import { refusalOf } from '../unsupported-prefix.ts'
import { autonumber } from './autonumber.ts'
import { declare } from './declare.ts'
import { derive } from './derive.ts'
import {
  alias,
  comment,
  dropFields,
  dropTables,
  loosen,
  mapUsing,
  rename,
  tag,
  unmap,
} from './fields.ts'

/** Statements that are neither LOAD nor control flow. */
export function executeRegular(
  statement: Exclude<
    RegularStatement,
    {
      readonly kind:
        | 'load'
        | 'exit'
        | 'call'
        | 'store'
        | 'binary'
        | 'connect'
        | 'disconnect'
        | 'execute'
        | 'sleep'
    }
  >,
  state: RunState,
): void {
  switch (statement.kind) {
    case 'set':
      state.setVariable(statement.name, statement.text === '' ? undefined : statement.text)
      break
    case 'let':
      state.setVariable(statement.name, valueText(statement.value, state))
      break
    case 'qualify':
    case 'unqualify':
      setRules(state.qualified, statement.fields, statement.kind === 'qualify')
      break
    case 'null-as-value':
    case 'null-as-null':
      setRules(state.nullAsValue, statement.fields, statement.kind === 'null-as-value')
      break
    case 'alias':
      alias(statement, state)
      break
    case 'rename':
      rename(statement, state)
      break
    case 'drop-fields':
      dropFields(statement, state)
      break
    case 'drop-tables':
      dropTables(statement, state)
      break
    case 'map':
      mapUsing(statement, state)
      break
    case 'unmap':
      unmap(statement, state)
      break
    case 'tag':
    case 'untag':
      tag(statement, state)
      break
    case 'comment':
      comment(statement, state)
      break
    case 'force':
      state.letterCase = statement.letterCase
      break
    case 'loosen':
      loosen(statement, state)
      break
    case 'section':
      state.enterSection(statement.access)
      break
    case 'trace':
      state.log.push(statement.text)
      state.report('statement', statement.text, 0)
      break
    case 'unsupported':
      throw refusalOf(statement)
    case 'autonumber':
      autonumber(statement, state)
      break
    case 'star':
      state.star = statement.symbol
      break
    case 'search':
      setRules(state.unsearched, statement.fields, !statement.included)
      break
    case 'declare':
      declare(statement, state)
      break
    case 'derive':
      derive(statement, state)
      break
    case 'directory':
      state.directory = statement.path
      break
    case 'nothing':
      break
  }
}

/** An assignment without a value removes the variable; NULL leaves it empty. */
function valueText(value: Fragment | undefined, state: RunState): string | undefined {
  if (value === undefined) return undefined
  const result = evaluateOnce(value, state)
  // A variable holds the number of a truth, so that scripts can ask `IF $(v) THEN`; the word would be an unknown name there.
  if (result === shownTrue || result === shownFalse) return String(result.number)
  return textOf(result, state.space.settings) ?? ''
}

function setRules(rules: FieldRules, fields: readonly Name[], holds: boolean): void {
  for (const { text, quoted } of fields) rules.set(text, quoted, holds)
}
