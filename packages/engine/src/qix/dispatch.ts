import type { CancellationToken } from '../base/cancellation.ts'
import { QixError } from './error-codes.ts'
import type { Target } from './handles.ts'
import { docMethods } from './methods/doc.ts'
import { fieldMethods } from './methods/field.ts'
import { genericBookmarkMethods } from './methods/generic-bookmark.ts'
import { genericDimensionMethods, genericMeasureMethods } from './methods/generic-item.ts'
import { genericObjectMethods } from './methods/generic-object.ts'
import { genericVariableMethods } from './methods/generic-variable.ts'
import { globalMethods } from './methods/global.ts'
import type { AppCall, Caller, Method, MethodTable, Result } from './methods/method.ts'
import type { OpenApp } from './open-app.ts'
import { Params } from './params.ts'

/** A request whose form has been checked. */
export interface Request {
  readonly id: string | number
  readonly handle: number
  readonly method: string
  readonly params: unknown
}

const globalHandle = -1

/** Runs the method a request names. @throws QixError `method-not-found`, `not-found` for a handle that is closed, and what the method throws */
export function dispatch(
  caller: Caller,
  request: Request,
  cancellation: CancellationToken,
): Result | Promise<Result> {
  if (request.handle === globalHandle) {
    const { params: names, run } = methodOf(globalMethods, request.method)
    return run({
      caller,
      target: { type: 'Global' },
      params: new Params(names, request.params),
      cancellation,
    })
  }
  const { app } = caller
  const target = app?.handles.get(request.handle)
  if (app === undefined || target === undefined)
    throw new QixError('not-found', 'Object not found', String(request.handle))
  return onTarget({ app, caller, cancellation, request }, target)
}

interface Pending {
  readonly app: OpenApp
  readonly caller: Caller
  readonly cancellation: CancellationToken
  readonly request: Request
}

function onTarget(pending: Pending, target: Target): Result | Promise<Result> {
  switch (target.type) {
    case 'Doc':
      return runOn(pending, docMethods, target)
    case 'Field':
      return runOn(pending, fieldMethods, target)
    case 'GenericObject':
      return runOn(pending, genericObjectMethods, target)
    case 'GenericDimension':
      return runOn(pending, genericDimensionMethods, target)
    case 'GenericMeasure':
      return runOn(pending, genericMeasureMethods, target)
    case 'GenericVariable':
      return runOn(pending, genericVariableMethods, target)
    case 'GenericBookmark':
      return runOn(pending, genericBookmarkMethods, target)
  }
}

function runOn<T extends Target>(
  { app, caller, cancellation, request }: Pending,
  table: MethodTable<AppCall<T>>,
  target: T,
): Result | Promise<Result> {
  const { params: names, run } = methodOf(table, request.method)
  return run({ app, caller, cancellation, target, params: new Params(names, request.params) })
}

function methodOf<C>(table: MethodTable<C>, name: string): Method<C> {
  const found = Object.hasOwn(table, name) ? table[name] : undefined
  if (found === undefined)
    throw new QixError('method-not-found', 'Method not found', name.slice(0, 100))
  return found
}
