import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'

/** A cell as a case expects it. */
export type ExpectedCell = null | string | number | ExpectedParts

export interface ExpectedParts {
  readonly t?: string
  readonly n?: number
  readonly tol?: number
  readonly norm?: 'nospace'
  readonly any?: true
  readonly denied?: true
  readonly role?: 'others'
}

export type SelectionStep =
  | { readonly field: string; readonly values: readonly string[] }
  | { readonly field: string; readonly search: string }
  | { readonly back: number }

export interface CaseSort {
  readonly dim?: number
  readonly measure?: number
  readonly by?: 'load' | 'text' | 'numeric' | 'expression'
  readonly order?: 'asc' | 'desc'
  readonly expr?: string
}

export interface CaseCube {
  readonly dimensions: readonly string[]
  readonly measures: readonly string[]
  readonly sort?: readonly CaseSort[]
}

export interface ConformanceCase {
  readonly id: string
  readonly script: string
  readonly bookmarks?: Readonly<Record<string, readonly SelectionStep[]>>
  readonly states?: Readonly<Record<string, readonly SelectionStep[]>>
  readonly select?: readonly SelectionStep[]
  readonly user?: Readonly<Record<string, string>>
  readonly fields?: { readonly present?: readonly string[]; readonly absent?: readonly string[] }
  readonly expression?: string
  readonly contexts?: readonly ('chart' | 'script')[]
  readonly cube?: CaseCube
  readonly suppressZero?: boolean
  readonly mode?: 'pivot'
  /** Dimensions in rows; all when absent. */
  readonly left?: number
  /** Totals of the first dimension's values: the value, then the measures. */
  readonly subtotals?: readonly (readonly ExpectedCell[])[]
  readonly limit?: unknown
  readonly ordered?: boolean
  readonly expect: ExpectedCell | readonly (readonly ExpectedCell[])[]
  readonly totals?: readonly ExpectedCell[]
}

/** Topic (the file's name) → its cases, in order. */
export function readCases(folder: string): ReadonlyMap<string, readonly ConformanceCase[]> {
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'))
  return new Map(
    [...files]
      .sort((a, b) => (a < b ? -1 : 1))
      .map((file) => {
        const cases: readonly ConformanceCase[] = JSON.parse(
          readFileSync(join(folder, file), 'utf8'),
        )
        return [basename(file, '.json'), cases]
      }),
  )
}
