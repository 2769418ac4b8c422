import { LichenError, positionOf, ScriptError, type SourceText } from '../base/errors.ts'
import { millisecondsPerDay } from '../value/date-serial.ts'
import type { FieldLineage } from './lineage.ts'
import type { RawStatement } from './split.ts'

/** One statement that moved data, such as LOAD, SELECT or STORE, once for each time it was carried out. */
export interface StatementReport {
  /** The script, or the file it includes. */
  readonly source: string
  /** From 1. */
  readonly line: number
  /** Its first words. */
  readonly text: string
  readonly milliseconds: number
  /** Rows read from sources into tables. */
  readonly rows: number
  /** Bytes of the files read, packed files packed. */
  readonly bytes: number
}

/** What a reload did. */
export interface ReloadReport {
  /** Serial days, local time. */
  readonly started: number
  readonly milliseconds: number
  readonly rows: number
  readonly bytes: number
  /** In the order carried out; the first 10,000. */
  readonly statements: readonly StatementReport[]
  /** The fields of the tables as the script left them, without those a failed one had. */
  readonly lineage: readonly FieldLineage[]
  /** What was loaded and traced, a line each. */
  readonly log: readonly string[]
  /** Why the reload failed; undefined when it did not. */
  readonly error?: { readonly code: string; readonly message: string }
}

const maxStatements = 10_000
const shownText = 80

/** Writes down what statements took, while a script runs. */
export class Journal {
  readonly statements: StatementReport[] = []
  /** What was loaded and traced, a line each. */
  readonly log: string[] = []
  lineage: readonly FieldLineage[] = []
  rows = 0
  bytes = 0

  /** Carries out a statement and lists it, also when it fails. `now` is in serial days. */
  async timed<Result>(
    { source, raw }: { readonly source: SourceText; readonly raw: RawStatement },
    now: () => number,
    work: () => Promise<Result>,
  ): Promise<Result> {
    const { rows, bytes } = this
    const started = now()
    try {
      return await work()
    } finally {
      if (this.statements.length < maxStatements)
        this.statements.push({
          source: source.name,
          line: positionOf(source.text, raw.start).line,
          text: shown(raw.text),
          milliseconds: (now() - started) * millisecondsPerDay,
          rows: this.rows - rows,
          bytes: this.bytes - bytes,
        })
    }
  }

  /** The whole of a reload that has ended; times in serial days. */
  report(started: number, ended: number, error?: unknown): ReloadReport {
    const { statements, lineage, log, rows, bytes } = this
    const milliseconds = (ended - started) * millisecondsPerDay
    const report = { started, milliseconds, rows, bytes, statements, lineage, log }
    if (error === undefined) return report
    return { ...report, error: { code: codeOf(error), message: messageOf(error) } }
  }
}

function codeOf(error: unknown): string {
  return error instanceof LichenError ? error.code : 'script-failed'
}

function messageOf(error: unknown): string {
  if (error instanceof ScriptError) return error.summary
  return error instanceof Error ? error.message : String(error)
}

/** The first words of a statement, without what may hold a password. */
function shown(text: string): string {
  return text
    .replace(/\bconnect(?:32|64)?\s+to\b[\s\S]*|\bwith\s+connection\b[\s\S]*/i, '…')
    .replace(/\s+/g, ' ')
    .slice(0, shownText)
}
