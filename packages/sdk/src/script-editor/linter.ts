import { type Diagnostic, linter } from '@codemirror/lint'
import type { Extension, Text } from '@codemirror/state'

/** One mistake in a script, as the engine tells it. `span` is in UTF-16 units of the checked text. */
export interface ScriptProblem {
  readonly message: string
  readonly span: { readonly start: number; readonly end: number }
  /** An error unless told otherwise. */
  readonly severity?: 'error' | 'warning' | 'info'
}

/** Finds all mistakes of a script; here, in a worker or at a server. */
export type ScriptCheck = (
  script: string,
) => readonly ScriptProblem[] | Promise<readonly ScriptProblem[]>

export interface ScriptLinterOptions {
  /** Milliseconds without typing before a check; 400 unless told otherwise. */
  readonly delay?: number
}

/** Marks the mistakes that `check` finds. A check that rejects is told by CodeMirror's exception sink, and the marks stay. */
export function scriptLinter(check: ScriptCheck, options: ScriptLinterOptions = {}): Extension {
  return linter(async ({ state: { doc } }) => marksOf(doc, await check(doc.toString())), {
    delay: options.delay ?? 400,
  })
}

/** Problems as CodeMirror marks them: inside the document, in order, and at least one character wide where there is one. */
export function marksOf(doc: Text, problems: readonly ScriptProblem[]): Diagnostic[] {
  return problems
    .map(({ message, span, severity = 'error' }) => ({ ...placeOf(doc, span), severity, message }))
    .sort((left, right) => left.from - right.from)
}

function placeOf(doc: Text, { start, end }: ScriptProblem['span']): { from: number; to: number } {
  const from = Math.min(Math.max(start, 0), doc.length)
  const to = Math.min(Math.max(end, from), doc.length)
  if (to > from) return { from, to }
  return to < doc.length ? { from, to: to + 1 } : { from: Math.max(0, from - 1), to }
}
