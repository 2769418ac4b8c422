import { textOf } from '../../value/text-of.ts'
import { evaluateOnce } from '../language.ts'
import { StatementError } from '../row-expression.ts'
import type { RunState } from '../run-state.ts'
import type { RegularStatement } from '../statement.ts'
import {
  alias,
  comment,
  dropFields,
  dropTables,
  loosen,
  mapUsing,
  refuseSectionAccess,
  rename,
  tag,
  unmap,
} from './fields.ts'

/** Statements that are neither LOAD nor control flow. */
export function executeRegular(
  statement: Exclude<RegularStatement, { readonly kind: 'load' | 'exit' | 'call' }>,
  state: RunState,
): void {
  switch (statement.kind) {
    case 'set':
      state.setVariable(statement.name, statement.text === '' ? undefined : statement.text)
    case 'let': {
      if (statement.value === undefined) state.setVariable(statement.name, undefined)
      state.setVariable(
        statement.name,
        textOf(evaluateOnce(statement.value, state), state.space.settings) ?? '',
      )
    }
    case 'qualify':
    case 'unqualify':
      for (const { text, quoted } of statement.fields)
        state.qualified.set(text, quoted, statement.kind === 'qualify')
      return
    case 'null-as-value':
    case 'null-as-null':
      for (const { text, quoted } of statement.fields)
        state.nullAsValue.set(text, quoted, statement.kind === 'null-as-value')
      return
    case 'alias':
      alias(statement, state)
    case 'rename':
      rename(statement, state)
    case 'drop-fields':
      dropFields(statement, state)
    case 'drop-tables':
      dropTables(statement, state)
    case 'map':
      mapUsing(statement, state)
    case 'unmap':
      unmap(statement, state)
    case 'tag':
    case 'untag':
      tag(statement, state)
    case 'comment':
      comment(statement, state)
    case 'loosen':
      loosen(statement, state)
    case 'section':
      if (statement.access) refuseSectionAccess()
      return
    case 'trace':
      state.log.push(statement.text)
      state.report('statement', statement.text, 0)
    case 'unsupported':
      throw new StatementError(
        'script-failed',
        `${statement.statement} is not built yet`,
        statement.span,
      )
    case 'sleep':
    case 'nothing':
      return
  }
}
