import { isListed, isPattern } from '../field-patterns.ts'
import { Numbering } from '../numbering.ts'
import { StatementError } from '../row-expression.ts'
import { listOf, type RunState } from '../run-state.ts'
import type { StatementOf } from '../statement.ts'

/**
 * AUTONUMBER fields [USING namespace]: the values that rows have become integers, in load order; NULL stays. Fields of one namespace share
 * the numbers, others have their own. The numbers have no texts, so that memory for the keys is given back.
 * Source: https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/Scripting/ScriptRegularStatements/Autonumber.htm
 * @throws StatementError `field-not-found`
 */
export function autonumber(
  { fields, namespace }: StatementOf<'autonumber'>,
  state: RunState,
): void {
  const { space } = state
  const known = space.fields()
  for (const { text, span } of fields)
    if (!isPattern(text) && !known.includes(text))
      throw new StatementError(
        'field-not-found',
        `There is no field "${text}"; fields so far: ${listOf(known)}`,
        span,
      )
  for (const field of known) {
    if (!isListed(field, fields)) continue
    if (namespace === undefined) {
      let number = 0
      space.replaceValues(field, () => ++number)
    } else {
      const numbering = numberingOf(namespace.text, state)
      const symbols = space.symbols(field)
      space.replaceValues(field, (symbol) => numbering.numberOf(symbols.valueAt(symbol)))
    }
  }
}

function numberingOf(namespace: string, { numberings }: RunState): Numbering {
  const numbering = numberings.get(namespace) ?? new Numbering()
  numberings.set(namespace, numbering)
  return numbering
}
