/** What went wrong, as a stable name a program can branch on. One line each says what its reader should know. */
export const errorCodes = {
  'invalid-argument': 'A call was given a value it cannot take; the message names the argument.',
  'not-found': 'Nothing of that name exists in this app or for this user.',
  'already-exists': 'The name is taken; choose another or delete the old one first.',
  'access-denied': 'This user may not do that. What is hidden is never named.',
  'expression-syntax': 'The expression cannot be parsed; the span shows where.',
  'expression-invalid':
    'The expression parses but cannot be evaluated (unknown function, wrong arguments, illegal nesting).',
  'unsupported-function': 'The function is known but not built yet; the message names it.',
  'script-syntax': 'The load script cannot be parsed; the span shows where.',
  'script-failed': 'A statement of the load script could not be carried out.',
  'field-not-found': 'No field of that name exists where it was used.',
  'table-not-found': 'No table of that name exists where it was used.',
  'section-access-unavailable':
    'The app has section access, which this build cannot apply; nobody may open it.',
  'source-not-found': 'The file or connection does not exist or may not be read.',
  'source-malformed': 'The bytes are not what the format promises; the message names the place.',
  'source-unsupported':
    'The format, or this feature of it, is not read; the message names a way out.',
  'memory-budget-exceeded':
    'The allocation would pass the memory budget; load less or raise the budget.',
  'budget-exceeded':
    'The work passed a limit of rows, groups, depth or time; narrow the request or raise the limit.',
  cancelled: 'The work was cancelled by its caller or superseded by a newer request.',
  'selection-locked': 'A locked field stands in the way; unlock it first.',
  'modal-conflict': 'Another object is in modal selection mode; end that first.',
  'snapshot-malformed': 'The saved app is damaged or not a Lichen snapshot.',
  'snapshot-too-new': 'The app was saved by a newer version; upgrade to open it.',
  internal: 'A broken invariant: a bug in Lichen, unreachable by input.',
} as const

export type ErrorCode = keyof typeof errorCodes

/** A place in a source text, in UTF-16 units; `end` is exclusive. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** Plain facts about an error that a program may read. Never row data. */
export type ErrorDetails = Readonly<Record<string, string | number | boolean>>

export interface ErrorOptionsWithDetails {
  readonly details?: ErrorDetails
  readonly cause?: unknown
}

/** Every error Lichen throws on purpose. `message` says what, where and what to do; `code` is for programs. */
export class LichenError extends Error {
  readonly code: ErrorCode
  readonly details: ErrorDetails
  constructor(code: ErrorCode, message: string, options: ErrorOptionsWithDetails = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = new.target.name
    this.code = code
    this.details = options.details ?? {}
  }
}

/** A text with a name, so that an error can show its line, column and a caret. */
export interface SourceText {
  readonly name: string
  readonly text: string
}

/** An error in an expression; `span` points into `source`. The message ends with the line and a caret. */
export class ExpressionError extends LichenError {
  readonly span: Span
  constructor(
    code: ErrorCode,
    message: string,
    source: SourceText,
    span: Span,
    options: ErrorOptionsWithDetails = {},
  ) {
    super(code, `${message}\n${printLocation(source, span)}`, options)
    this.span = span
  }
}

/** An error in a load script: file, 1-based line and column, and the caret in the message. */
export class ScriptError extends LichenError {
  readonly span: Span
  readonly source: SourceText
  readonly line: number
  readonly column: number
  /** The message without the printed location. */
  readonly summary: string
  constructor(
    code: ErrorCode,
    message: string,
    source: SourceText,
    span: Span,
    options: ErrorOptionsWithDetails = {},
  ) {
    super(code, `${message}\n${printLocation(source, span)}`, options)
    const position = positionOf(source.text, span.start)
    this.span = span
    this.source = source
    this.line = position.line
    this.column = position.column
    this.summary = message
  }
}

/** A source could not be read. `record` is the 0-based record, when one is to blame. */
export class LoadError extends LichenError {}

/** Refused for reasons of access; never names what is hidden. */
export class AccessError extends LichenError {
  constructor(message = 'Access denied', options: ErrorOptionsWithDetails = {}) {
    super('access-denied', message, options)
  }
}

/** 1-based line and column of an offset. */
export function positionOf(text: string, offset: number): { line: number; column: number } {
  let line = 1
  let lineStart = 0
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) {
    line += 1
    lineStart = at + 1
  }
  return { line, column: offset - lineStart + 1 }
}

/** `name:line:column`, the line itself and a caret run under the span. */
export function printLocation(source: SourceText, span: Span): string {
  const { line, column } = positionOf(source.text, span.start)
  const lineStart = span.start - (column - 1)
  const nextBreak = source.text.indexOf('\n', lineStart)
  const lineText = source.text
    .slice(lineStart, nextBreak === -1 ? undefined : nextBreak)
    .replace(/\r$/, '')
  const carets = Math.max(1, Math.min(span.end - span.start, lineText.length - column + 1))
  const gutter = `${line} | `
  const pad = ' '.repeat(gutter.length) + lineText.slice(0, column - 1).replace(/[^\t]/g, ' ')
  return `${source.name}:${line}:${column}\n${gutter}${lineText}\n${pad}${'^'.repeat(carets)}`
}
