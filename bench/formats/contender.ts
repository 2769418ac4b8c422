import { type Figures, figuresOf, type ReadTable, tableOfRows } from './figures.ts'
import type { Order } from './orders.ts'
import type { Packages } from './peer-packages.ts'

/** What a contender has when it is done. */
export type Ending = 'model' | 'table' | 'columns' | 'objects'

export interface Loaded {
  /** Worked out after the time was taken. */
  figures(): Promise<Figures> | Figures
  close?(): Promise<void> | void
}

/** From a file, or the address of a server, to all its cells in memory. Timed. */
export type Load = (place: string) => Promise<Loaded> | Loaded

export interface Contender {
  readonly name: string
  readonly ending: Ending
  /** Imports what it needs, which is not timed. @throws Error when it is not installed */
  open(packages: Packages): Promise<Load> | Load
}

export function loadedTable(table: ReadTable): Loaded {
  return { figures: () => figuresOf(table) }
}

export function loadedRows(rows: readonly { readonly [Field in keyof Order]?: unknown }[]): Loaded {
  return loadedTable(tableOfRows(rows))
}
