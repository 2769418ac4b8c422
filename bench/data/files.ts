import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeCsv } from './csv.ts'
import { generateNames } from './names.ts'
import { generateShape, type Shape } from './shapes.ts'
import { generateStar } from './star.ts'
import type { GeneratedTable } from './table.ts'
import { generateWide } from './wide.ts'

/** Part of the folder's name; to be raised with every change of a generator. */
const version = 1

export type DataSet = 'star' | 'wide' | 'names' | Shape

const generators: Readonly<
  Record<DataSet, (rows: number, seed: number) => readonly GeneratedTable[]>
> = {
  star: (rows, seed) => Object.values(generateStar(rows, seed)),
  wide: (rows, seed) => [generateWide(rows, seed)],
  names: (rows, seed) => [generateNames(rows, seed)],
  clustered: (rows, seed) => generateShape('clustered', rows, seed),
  nulls: (rows, seed) => generateShape('nulls', rows, seed),
  bridge: (rows, seed) => generateShape('bridge', rows, seed),
  texts: (rows, seed) => generateShape('texts', rows, seed),
}

/** The folder of CSV files of a data set, below the system's temporary folder; written when it is not there yet. */
export function dataFolder(set: DataSet, rows: number, seed: number): string {
  const folder = join(tmpdir(), 'lichen-bench', `${set}-${rows}-${seed}-v${version}`)
  const complete = join(folder, 'complete')
  if (existsSync(complete)) return folder
  mkdirSync(folder, { recursive: true })
  for (const table of generators[set](rows, seed))
    writeCsv(table, join(folder, `${table.name}.csv`))
  writeFileSync(complete, '')
  return folder
}
