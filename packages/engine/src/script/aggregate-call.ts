import type { Accumulator } from '../aggregation/aggregation.ts'
import { createAccumulator } from '../aggregation/distinct.ts'
import { findAggregation } from '../aggregation/registry.ts'
import type { Call } from '../expression/ast.ts'
import { someCall } from './expression-tree.ts'
import { StatementError } from './row-expression.ts'
import type { RunState } from './run-state.ts'
import type { Fragment } from './statement.ts'

/** The accumulator of a call in a script; undefined when it is no aggregation. @throws StatementError `expression-invalid` */
export function accumulatorOf(
  call: Call,
  fragment: Fragment,
  state: RunState,
): Accumulator | undefined {
  const definition = findAggregation(call.name)
  if (definition === undefined) return undefined
  const fail = (message: string): never => {
    throw new StatementError('expression-invalid', message, {
      start: fragment.span.start + call.span.start,
      end: fragment.span.start + call.span.end,
    })
  }
  if (call.set !== undefined || call.total !== undefined)
    fail(`${call.name} in a script takes no set and no TOTAL`)
  if (call.args.length < definition.minArgs || call.args.length > definition.maxArgs)
    fail(`${definition.signature}: ${call.args.length} arguments were given`)
  if (
    call.args.some((argument) =>
      someCall(argument, (inner) => findAggregation(inner.name) !== undefined),
    )
  )
    fail('An aggregation cannot stand inside another; load twice')
  return createAccumulator(definition, {
    args: call.args.length,
    distinct: call.distinct === true,
    format: state.space.settings,
  })
}
