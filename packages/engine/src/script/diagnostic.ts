import type { ErrorCode, Span } from '../base/errors.ts'

/** One mistake in a script. `span` is in UTF-16 units of the checked text. */
export interface ScriptDiagnostic {
  readonly code: ErrorCode
  readonly message: string
  readonly span: Span
  /** Likely a mistake, as far as can be told without running the script. */
  readonly severity?: 'warning'
}
