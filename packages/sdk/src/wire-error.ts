import {
  AccessError,
  type ErrorCode,
  ExpressionError,
  LichenError,
  LoadError,
  ScriptError,
  type Span,
} from '@lichen/engine'

/** An error as plain data: structured clone keeps neither the class nor the fields of one. */
export interface WireError {
  readonly kind: 'error' | 'lichen' | 'expression' | 'script' | 'load' | 'access'
  readonly name: string
  readonly message: string
  readonly stack?: string
  readonly code?: ErrorCode
  readonly details?: LichenError['details']
  readonly span?: Span
  readonly source?: ScriptError['source']
  readonly summary?: string
  readonly cause?: WireError
}

/** Causes of causes beyond this are dropped, so that a ring of them ends. */
const maxCauses = 8

export function wireError(error: unknown, causes: number = maxCauses): WireError {
  if (!(error instanceof Error)) return { kind: 'error', name: 'Error', message: String(error) }
  const plain = {
    name: error.name,
    message: error.message,
    ...(error.stack === undefined ? {} : { stack: error.stack }),
    ...(error.cause === undefined || causes === 0
      ? {}
      : { cause: wireError(error.cause, causes - 1) }),
  }
  if (!(error instanceof LichenError)) return { kind: 'error', ...plain }
  const lichen = { ...plain, code: error.code, details: error.details }
  if (error instanceof ExpressionError) return { kind: 'expression', ...lichen, span: error.span }
  if (error instanceof ScriptError)
    return {
      kind: 'script',
      ...lichen,
      span: error.span,
      source: error.source,
      summary: error.summary,
    }
  if (error instanceof LoadError) return { kind: 'load', ...lichen }
  if (error instanceof AccessError) return { kind: 'access', ...lichen }
  return { kind: 'lichen', ...lichen }
}

/** The error as it was thrown: its class, message, code, details, place and cause; the stack is the worker's. */
export function receivedError(wire: WireError): Error {
  const error = ofKind(wire)
  error.name = wire.name
  error.message = wire.message
  if (wire.stack !== undefined) error.stack = wire.stack
  return error
}

const nowhere: Span = { start: 0, end: 0 }
const unnamed = { name: '', text: '' }

function ofKind(wire: WireError): Error {
  const { code = 'internal', message, details = {}, span = nowhere } = wire
  const cause = wire.cause === undefined ? {} : { cause: receivedError(wire.cause) }
  const options = { details, ...cause }
  switch (wire.kind) {
    case 'expression':
      return new ExpressionError(code, message, unnamed, span, options)
    case 'script':
      return new ScriptError(code, wire.summary ?? message, wire.source ?? unnamed, span, options)
    case 'load':
      return new LoadError(code, message, options)
    case 'access':
      return new AccessError(message, options)
    case 'lichen':
      return new LichenError(code, message, options)
    case 'error':
      return new Error(message, cause)
  }
}
