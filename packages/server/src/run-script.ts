import { readFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import {
  type App,
  createApp,
  ExpressionError,
  LichenError,
  type ReloadReport,
  ScriptError,
} from '@lichen/engine'
import { folderBuffers, folderReader, folderWriter } from '@lichen/loader/node'
import type { RunArguments } from './arguments.ts'
import { scriptConnections } from './connections.ts'
import { scriptFolders } from './script-folders.ts'

export interface RunReport {
  readonly tables: readonly {
    readonly name: string
    readonly fields: readonly string[]
    readonly rows: number
  }[]
  readonly evaluations: readonly {
    readonly expression: string
    readonly text: string | null
    readonly number: number | null
    readonly error?: RunError
  }[]
  readonly errors: readonly RunError[]
  /** What the script's statements took, and where each field came from. */
  readonly reload?: ReloadReport
}

export interface RunError {
  readonly code: string
  readonly message: string
  readonly line?: number
  readonly column?: number
}

/** Runs a script once and tells what it loaded. Never throws for what the script or an expression does wrong. */
export async function runScript(options: RunArguments): Promise<RunReport> {
  let app: App
  try {
    const script =
      options.script === '-' ? await text(process.stdin) : await readFile(options.script, 'utf8')
    const folder = options.data ?? process.cwd()
    const connections = scriptConnections(options.connect)
    const folders = scriptFolders({ data: folder, libs: options.libs })
    app = await createApp({
      script,
      ...(folders === undefined
        ? {}
        : { reader: folderReader(folders), writer: folderWriter(folders) }),
      buffers: folderBuffers(join(folder, '.buffers')),
      ...(connections === undefined ? {} : { connections }),
      computerName: hostname(),
    })
  } catch (error) {
    return { tables: [], evaluations: [], errors: [reportError(error)] }
  }
  const view = app.session.view
  const tables = view.tables.map((table) => ({
    name: table.name,
    fields: [...table.columns.keys()].map((field) => view.fields[field]?.name ?? ''),
    rows: table.rows,
  }))
  const evaluations = options.evaluations.map((expression) => {
    try {
      return { expression, ...app.evaluate(expression) }
    } catch (error) {
      return { expression, text: null, number: null, error: reportError(error, expression) }
    }
  })
  const reload = app.reloadReport
  return {
    ...(reload === undefined ? {} : { reload }),
    tables,
    evaluations,
    errors: evaluations.flatMap(({ error }) => (error === undefined ? [] : [error])),
  }
}

/** `expression` is the text that an ExpressionError's span points into. */
function reportError(error: unknown, expression = ''): RunError {
  if (error instanceof ScriptError)
    return { code: error.code, message: error.message, line: error.line, column: error.column }
  if (error instanceof ExpressionError) {
    const before = expression.slice(0, error.span.start).split('\n')
    const column = (before.at(-1)?.length ?? 0) + 1
    return { code: error.code, message: error.message, line: before.length, column }
  }
  if (error instanceof LichenError) return { code: error.code, message: error.message }
  return {
    code: 'source-not-found',
    message: error instanceof Error ? error.message : String(error),
  }
}

/** The report as lines a person reads. */
export function printReport(report: RunReport): string {
  const tables = report.tables.map(
    ({ name, fields, rows }) => `${name}: ${rows} rows (${fields.join(', ')})`,
  )
  const evaluations = report.evaluations.map(
    ({ expression, text: shown, error }) =>
      `${expression} = ${error === undefined ? (shown ?? 'NULL') : error.message}`,
  )
  const errors = report.tables.length === 0 ? report.errors.map(({ message }) => message) : []
  return [...tables, ...evaluations, ...errors, ''].join('\n')
}
