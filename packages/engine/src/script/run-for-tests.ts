import { expect } from 'vitest'
import { LichenError } from '../base/errors.ts'
import type { Model } from '../model/model.ts'
import { createAllocator } from '../storage/allocator.ts'
import { runScript, type ScriptOptions, type ScriptResult } from './interpreter.ts'

/** Strips the first line break and the indentation of the first line from all lines. */
export function dedent(text: string): string {
  const lines = text.replace(/^\n/, '').trimEnd().split('\n')
  const indent = /^ */.exec(lines[0] ?? '')?.[0] ?? ''
  return lines
    .map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line))
    .join('\n')
}

export function run(script: string, options: Partial<ScriptOptions> = {}): Promise<ScriptResult> {
  return runScript(
    { name: 'script', text: dedent(script) },
    { allocator: createAllocator(), clock: { now: () => 46_000 }, ...options },
  )
}

/** Tables as `name`, fields and rows, cells separated by `|`; NULL is `-`. */
export function show(model: Model): string {
  const tables = model.tables.filter((table) => !table.synthetic)
  return tables
    .map((table) => {
      const fields = [...table.columns].filter(([field]) => model.fields[field]?.system !== true)
      const rows = Array.from({ length: table.rows }, (_, row) =>
        fields
          .map(([field, column]) => {
            const code = column.codeAt(row)
            return code === 0 ? '-' : (model.fields[field]?.symbols.textAt(code - 1) ?? '')
          })
          .join('|'),
      )
      return [
        `${table.name}: ${fields.map(([field]) => model.fields[field]?.name ?? '').join('|')}`,
        ...rows,
      ].join('\n')
    })
    .join('\n')
}

export async function expectTables(
  script: string,
  tables: string,
  options: Partial<ScriptOptions> = {},
): Promise<ScriptResult> {
  const result = await run(script, options)
  expect(show(result.model)).toBe(dedent(tables))
  return result
}

export async function expectError(
  script: string,
  message: string,
  options: Partial<ScriptOptions> = {},
): Promise<LichenError> {
  const error = await run(script, options).then(
    () => undefined,
    (cause: unknown) => cause,
  )
  if (!(error instanceof LichenError)) throw new Error(`Expected an error, got ${String(error)}`)
  expect(error.message).toBe(dedent(message))
  return error
}
