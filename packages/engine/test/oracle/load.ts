import { buildModel } from '../../src/model/build-model.ts'
import { fullView } from '../../src/model/full-view.ts'
import type { Model } from '../../src/model/model.ts'
import type { ModelView } from '../../src/model/view.ts'
import { type AllocatorOptions, createAllocator } from '../../src/storage/allocator.ts'
import type { Bitset } from '../../src/storage/bitset.ts'
import { DataSpace } from '../../src/storage/table-builder.ts'
import type { Value } from '../../src/value/dual.ts'
import { defaultFormatSettings } from '../../src/value/format-settings.ts'

export interface LoadTable {
  readonly name: string
  readonly fields: readonly string[]
  readonly rows: readonly (readonly Value[])[]
}

/** The engine's model of plain tables. */
export function loadModel(
  tables: readonly LoadTable[],
  loosened: readonly string[] = [],
  memory: AllocatorOptions = {},
): Model {
  const space = new DataSpace(createAllocator(memory))
  for (const { name, fields, rows } of tables) {
    const table = space.createTable(name, fields)
    for (const row of rows) table.appendRow(row)
  }
  const model = buildModel(space, { settings: defaultFormatSettings, loosened: new Set(loosened) })
  space.release()
  return model
}

export function loadView(
  tables: readonly LoadTable[],
  loosened: readonly string[] = [],
  memory: AllocatorOptions = {},
): ModelView {
  return fullView(loadModel(tables, loosened, memory))
}

/** A view in which only some rows of some tables exist; symbols stay those of the whole. For tests of inference only. */
export function withVisibleRows(view: ModelView, visible: ReadonlyMap<number, Bitset>): ModelView {
  return {
    reduction: 'test',
    settings: view.settings,
    tables: view.tables,
    fields: view.fields,
    links: view.links,
    components: view.components,
    visibleRows: (table) => visible.get(table) ?? view.visibleRows(table),
    fieldIndex: (name) => view.fieldIndex(name),
    tableIndex: (name) => view.tableIndex(name),
    linksOfTable: (table) => view.linksOfTable(table),
    linksOfField: (field) => view.linksOfField(field),
    rowIndex: (table, field) => view.rowIndex(table, field),
    rowOfCode: (link) => view.rowOfCode(link),
    totals: (field) => view.totals(field),
    derive: () => undefined,
  }
}
