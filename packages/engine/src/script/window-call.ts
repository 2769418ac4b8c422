import { findAggregation } from '../aggregation/registry.ts'
import type { Call, Expression } from '../expression/ast.ts'
import { callsOf, fieldsOf } from '../expression/visit.ts'
import { replaceCalls } from './expression-tree.ts'
import { StatementError } from './row-expression.ts'
import type { Fragment } from './statement.ts'

/** A Window() call taken apart. */
export interface WindowCall {
  readonly call: Call
  readonly fragment: Fragment
  /** Aggregations, or WRank; a field alone stands for Only of it. */
  readonly main: Expression
  readonly partitions: readonly Expression[]
  readonly sort: { readonly by: Expression; readonly descending: boolean } | undefined
  readonly filter: Expression | undefined
  /** First and last row of a sliding window, relative to the row itself. */
  readonly from: Expression | undefined
  readonly to: Expression | undefined
}

export function isWindow({ name }: Call): boolean {
  return name.toLowerCase() === 'window'
}

export function isWindowRank({ name }: Call): boolean {
  return name.toLowerCase() === 'wrank'
}

/**
 * Window(expr {, partition} [, 'ASC'|'DESC', sort [, filter [, start, end]]]): what stands before the sort type are partitions.
 * Source: https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/Scripting/WindowFunctions/Window.htm
 * @throws StatementError `expression-invalid`
 */
export function readWindow(call: Call, fragment: Fragment): WindowCall {
  const fail = (message: string): never => {
    throw new StatementError('expression-invalid', message, {
      start: fragment.span.start + call.span.start,
      end: fragment.span.start + call.span.end,
    })
  }
  const [main, ...rest] = call.args
  if (main === undefined) return fail('Window() needs an aggregation as its first argument')
  if (callsOf(main).some(isWindow)) fail('Window() cannot stand inside another; load twice')
  const typeAt = rest.findIndex((argument) => sortType(argument) !== undefined)
  const partitions = typeAt < 0 ? rest : rest.slice(0, typeAt)
  const [type, by, filter, from, to, ...more] = typeAt < 0 ? [] : rest.slice(typeAt)
  if (typeAt >= 0 && by === undefined) fail('Window() needs a sort expression after the sort type')
  if (from !== undefined && to === undefined) fail('Window() needs an end after the start')
  if (more.length > 0) fail('Window() takes nothing after start and end')
  return {
    call,
    fragment,
    main: main.kind === 'field' ? onlyOf(main) : checked(main, fail),
    partitions,
    sort: by === undefined ? undefined : { by, descending: sortType(type) === 'DESC' },
    filter,
    from,
    to,
  }
}

function sortType(argument: Expression | undefined): string | undefined {
  if (argument?.kind !== 'literal' || typeof argument.value !== 'string') return undefined
  const word = argument.value.toUpperCase()
  return word === 'ASC' || word === 'DESC' ? word : undefined
}

function onlyOf(field: Extract<Expression, { kind: 'field' }>): Call {
  return { kind: 'call', name: 'Only', args: [field], span: field.span, nameSpan: field.span }
}

function checked(main: Expression, fail: (message: string) => never): Expression {
  const outside = replaceCalls(main, (inner) =>
    findAggregation(inner.name) !== undefined || isWindowRank(inner)
      ? { kind: 'literal', value: 0, span: inner.span }
      : undefined,
  )
  const [field] = fieldsOf(outside)
  if (field !== undefined)
    fail(`Window(): the field "${field.name}" has to stand inside an aggregation`)
  return main
}
