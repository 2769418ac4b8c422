import {
  LichenError,
  printLocation,
  ScriptError,
  type SourceText,
  type Span,
} from '../base/errors.ts'
import { StatementError } from './row-expression.ts'
import type { RawStatement } from './split.ts'

/** A statement being carried out: where it stands and what it became by dollar expansion. */
export interface Place {
  readonly source: SourceText
  readonly raw: RawStatement
  readonly text: string
}

/**
 * The error as the author of the script should see it: at its file, line and column. When expansion changed the statement, the place is
 * the statement's own and the changed line is shown with its caret too.
 */
export function errorAt(place: Place, cause: unknown): LichenError {
  if (cause instanceof ScriptError) return cause
  if (cause instanceof LichenError && cause.code === 'cancelled') return cause
  if (cause instanceof StatementError)
    return locatedError(place, cause.code, cause.message, cause.span, cause)
  const message = cause instanceof Error ? cause.message : String(cause)
  return new ScriptError(
    cause instanceof LichenError ? cause.code : 'script-failed',
    message,
    place.source,
    wholeOf(place.raw),
    { cause },
  )
}

/** `span` is in the expanded text. */
export function locatedError(
  place: Place,
  code: LichenError['code'],
  message: string,
  span: Span,
  cause?: unknown,
): ScriptError {
  const options = cause === undefined ? {} : { cause }
  const { raw, source, text } = place
  if (text === raw.text)
    return new ScriptError(
      code,
      message,
      source,
      { start: raw.start + span.start, end: raw.start + Math.max(span.end, span.start + 1) },
      options,
    )
  const shown = printLocation({ name: 'after expansion', text }, span)
  return new ScriptError(code, `${message}\n${shown}`, source, wholeOf(raw), options)
}

function wholeOf(raw: RawStatement): Span {
  return { start: raw.start, end: raw.end }
}
