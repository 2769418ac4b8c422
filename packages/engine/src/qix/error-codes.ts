import { type ErrorCode, LichenError } from '../base/errors.ts'

/**
 * The numbers clients branch on, between our names and the wire.
 * Source: enumeration LocalizedErrorCode of https://help.qlik.com/en-US/sense-developer/Subsystems/EngineJSONAPI/Content/models-localizederrorcode.htm
 */
export const qixErrors = {
  internal: -128,
  'parse-error': -32700,
  'invalid-request': -32600,
  'method-not-found': -32601,
  'invalid-params': -32602,
  unknown: -1,
  'not-found': 2,
  aborted: 15,
  'access-denied': 5,
  'already-exists': 1000,
  'app-already-open': 1002,
  'app-not-found': 1003,
  'app-invalid': 1007,
  'modal-conflict': 6003,
  'invalid-definition': 7000,
  'not-in-library': 7001,
  'condition-failed': 7005,
  'duplicate-variable': 18001,
} as const

export type QixErrorName = keyof typeof qixErrors

/** An error with its number on the wire. `parameter` names what is to blame. */
export class QixError extends Error {
  readonly code: number
  readonly parameter: string
  constructor(name: QixErrorName, message: string, parameter = '') {
    super(message)
    this.code = qixErrors[name]
    this.parameter = parameter
  }
}

const nameOfCode: Partial<Record<ErrorCode, QixErrorName>> = {
  'invalid-argument': 'invalid-params',
  'not-found': 'not-found',
  'already-exists': 'already-exists',
  'access-denied': 'access-denied',
  'field-not-found': 'invalid-params',
  'table-not-found': 'invalid-params',
  'expression-syntax': 'invalid-definition',
  'expression-invalid': 'invalid-definition',
  'unsupported-function': 'invalid-definition',
  cancelled: 'aborted',
  'modal-conflict': 'modal-conflict',
}

/** The longest message sent to a client, in UTF-16 units. */
const longestMessage = 4096

/** What a client is told of any thrown thing; of our own bugs only that there was one. */
export function wireError(thrown: unknown): { code: number; parameter: string; message: string } {
  if (thrown instanceof QixError)
    return {
      code: thrown.code,
      parameter: thrown.parameter,
      message: thrown.message.slice(0, longestMessage),
    }
  if (thrown instanceof LichenError && thrown.code !== 'internal') {
    const name = nameOfCode[thrown.code] ?? 'unknown'
    return {
      code: qixErrors[name],
      parameter: thrown.code,
      message: thrown.message.slice(0, longestMessage),
    }
  }
  return { code: qixErrors.internal, parameter: '', message: 'Internal engine error' }
}

/** Stardust creates its lists only on exactly this message. */
export function objectNotFound(id: string): QixError {
  return new QixError('not-found', 'Object not found', id)
}
