import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describeMachine } from '../runner/machine.ts'
import { writeSections } from '../runner/sections.ts'

/** Prints a section of Markdown, and puts it into RESULTS.md when the run was whole and of the whole size. Bundled, this lies one folder below bench. */
export function publish(title: string, lines: readonly string[], whole = true): void {
  const date = new Date().toISOString().slice(0, 10)
  const text = [`## ${title}`, '', `${describeMachine()}; ${date}.`, '', ...lines, ''].join('\n')
  process.stdout.write(`${text}\n`)
  if (!whole || process.env.LICHEN_BENCH_ROWS !== undefined) return
  const bench = dirname(dirname(fileURLToPath(import.meta.url)))
  writeSections(join(bench, 'RESULTS.md'), text)
}
