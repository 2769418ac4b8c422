import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { ExpectedCell, SelectionStep } from '../conformance/cases.ts'

/** What a public page says one function gives. */
export interface FunctionCase {
  /** The name as `importance.json` writes it: `RowNo (chart)`, `RowNo (script)`. */
  readonly function: string
  readonly expression: string
  /** Runs first, in a fresh app: its lines, or the name of a script that several cases share. */
  readonly script?: readonly string[] | string
  /** With dimensions the expression is the last measure of a chart, and `expect` has one value for each row. */
  readonly dimensions?: readonly string[]
  /** Dimensions in the columns of a pivot table, whose cells `expect` has row by row. */
  readonly columns?: readonly string[]
  /** Measures of a chart before the expression. */
  readonly measures?: readonly string[]
  readonly select?: readonly Extract<SelectionStep, { values: unknown }>[]
  /** For a function with another meaning, or no single value, in the other place. */
  readonly in?: 'chart' | 'script'
  /** Paths the host finds for any mask; see `filesOf` for what it tells of each. */
  readonly files?: readonly string[]
  readonly user?: string
  readonly expect: ExpectedCell | readonly ExpectedCell[]
  /** Public page. */
  readonly source: string
  /** `page`: it prints the result. `rule`: the result follows from what it says, by hand. */
  readonly basis: 'page' | 'rule'
  /** What this engine gives instead, and why it is left. Such a case has to fail. */
  readonly differs?: string
  /** Why the page's result is not one: its text or another page says otherwise. Such a case has to fail too. */
  readonly pageMistake?: string
}

/** A case with the script it names looked up. */
export interface ReadCase extends Omit<FunctionCase, 'script'> {
  readonly script: string
  /** The name of a script that several cases of the family share. */
  readonly data: string | undefined
}

interface Family {
  /** Name → lines. */
  readonly scripts?: Readonly<Record<string, readonly string[]>>
  readonly cases: readonly FunctionCase[]
}

const notFamilies: ReadonlySet<string> = new Set(['importance.json', 'without-case.json'])

/** All cases by family (the file's name). */
export const families: ReadonlyMap<string, readonly ReadCase[]> = new Map(
  readdirSync(import.meta.dirname)
    .filter((file) => file.endsWith('.json') && !notFamilies.has(file))
    .sort()
    .map((file) => [basename(file, '.json'), readFamily(file)]),
)

export const functionCases: readonly ReadCase[] = [...families.values()].flat()

function readFamily(file: string): readonly ReadCase[] {
  const { scripts = {}, cases }: Family = JSON.parse(readText(file))
  return cases.map((given) => {
    const { script = [] } = given
    const data = typeof script === 'string' ? script : undefined
    const lines = typeof script === 'string' ? scripts[script] : script
    if (lines === undefined) throw new Error(`${file} holds no script "${data}"`)
    return { ...given, script: lines.join('\n'), data }
  })
}

/** Whether the engine has to give what the case says. */
export function isMet({ differs, pageMistake }: ReadCase): boolean {
  return differs === undefined && pageMistake === undefined
}

/** A file beside this one. */
export function readText(file: string): string {
  return readFileSync(join(import.meta.dirname, file), 'utf8')
}
