import { type ErrorCode, type LichenError, ScriptError } from '../base/errors.ts'
import { Dual, type Value } from '../value/dual.ts'
import type { RunState } from './run-state.ts'

/**
 * Texts of the codes of ScriptError.
 * Source: https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/Scripting/ErrorVariables/ScriptError.htm
 */
const texts = {
  1: 'General error',
  2: 'Syntax error',
  8: 'File not found',
  10: 'Table not found',
  11: 'Field not found',
  12: 'File has wrong format',
  16: 'Semantic error',
} as const

const codes: Readonly<Partial<Record<ErrorCode, keyof typeof texts>>> = {
  'script-syntax': 2,
  'expression-syntax': 2,
  'source-not-found': 8,
  'table-not-found': 10,
  'field-not-found': 11,
  'source-malformed': 12,
  'source-unsupported': 12,
  'expression-invalid': 16,
  'unsupported-function': 16,
}

/** At the start of a script there was no error. */
export function clearErrors(state: RunState): void {
  clearError(state)
  state.setVariable('ScriptErrorCount', '0')
  state.setVariable('ScriptErrorList', undefined)
}

/** A statement was carried out. */
export function clearError(state: RunState): void {
  if (state.errorCode === 0 && !state.variables.has('ScriptError')) return
  state.errorCode = 0
  state.setVariable('ScriptError', undefined)
  state.setVariable('ScriptErrorDetails', undefined)
}

/** A statement failed and the script goes on: the variables that tell of errors, and a line of the log. */
export function noteError(error: LichenError, state: RunState): void {
  const code = codes[error.code] ?? 1
  const summary = error instanceof ScriptError ? error.summary : error.message
  state.errorCode = code
  state.setVariable('ScriptError', texts[code])
  state.setVariable('ScriptErrorDetails', summary)
  const count = Number(state.variable('ScriptErrorCount') ?? 0) + 1
  state.setVariable('ScriptErrorCount', String(count))
  const list = state.variable('ScriptErrorList')
  state.setVariable(
    'ScriptErrorList',
    `${list === undefined ? '' : `${list}\n`}${texts[code]}: ${summary}`,
  )
  state.log.push(`Error: ${summary}`)
}

/** The value of ScriptError in an expression, which has a number beside its text; undefined for other names. */
export function errorValue(name: string, state: RunState): Value | undefined {
  if (name.toLowerCase() !== 'scripterror') return undefined
  return new Dual(state.variable('ScriptError') ?? '', state.errorCode)
}
