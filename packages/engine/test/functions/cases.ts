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
  readonly select?: readonly Extract<SelectionStep, { values: unknown }>[]
  /** For a function with another meaning, or no single value, in the other place. */
  readonly in?: 'chart' | 'script'
  /** Paths the host finds for any mask. */
  readonly files?: readonly string[]
  readonly user?: string
  readonly expect: ExpectedCell
  /** Public page. */
  readonly source: string
  /** `page`: it prints the result. `rule`: the result follows from what it says, by hand. */
  readonly basis: 'page' | 'rule'
  /** What this engine gives instead, and why it is left. Such a case has to fail. */
  readonly differs?: string
}

interface Family {
  /** Name → lines. */
  readonly scripts?: Readonly<Record<string, readonly string[]>>
  readonly cases: readonly FunctionCase[]
}

const notFamilies: ReadonlySet<string> = new Set(['importance.json', 'without-case.json'])

/** All cases, with the lines of their scripts, by family (the file's name). */
export const families: ReadonlyMap<string, readonly FunctionCase[]> = new Map(
  readdirSync(import.meta.dirname)
    .filter((file) => file.endsWith('.json') && !notFamilies.has(file))
    .sort()
    .map((file) => [basename(file, '.json'), readFamily(file)]),
)

export const functionCases: readonly FunctionCase[] = [...families.values()].flat()

function readFamily(file: string): readonly FunctionCase[] {
  const { scripts, cases }: Family = readJson(file)
  return cases.map((given) =>
    typeof given.script === 'string'
      ? { ...given, script: scripts?.[given.script] ?? missing(file, given.script) }
      : given,
  )
}

function missing(file: string, script: string): never {
  throw new Error(`${file} holds no script "${script}"`)
}

export function scriptOf({ script = [] }: FunctionCase): string {
  return typeof script === 'string' ? script : script.join('\n')
}

/** @returns what the file beside this one holds; the caller knows its shape */
export function readJson(file: string): never {
  return JSON.parse(readFileSync(join(import.meta.dirname, file), 'utf8')) as never
}
