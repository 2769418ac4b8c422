import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { type App, createApp, Dual, type Value } from '@lichen/engine'
import { describe, expect, test } from 'vitest'
import { type ByteSource, bytesSource } from '../byte-source.ts'
import { fileReader } from '../reader.ts'
import { createWriter } from '../writer.ts'
import { readColumns, valuesOf } from './table-for-tests.ts'

const folder = resolve(import.meta.dirname, '../../../../..', 'shared/fixtures/qvd')
const files = existsSync(folder)
  ? readdirSync(folder).filter((file) => file.endsWith('.qvd') && !file.includes('damaged'))
  : []

type Cell = readonly [number | null, string | null]

/** The cells of table T as an app shows them, by field. */
function cellsOf(app: App): Map<string, Cell[]> {
  const { view } = app.session
  const cells = new Map<string, Cell[]>()
  for (const table of view.tables.filter(({ synthetic }) => !synthetic))
    for (const [index, column] of table.columns) {
      const field = view.fields[index]
      if (field === undefined || field.system) continue
      const { symbols } = field
      const cellAt = (row: number): Cell => {
        const code = column.codeAt(row)
        if (code === 0) return [null, null]
        const number = symbols.numberAt(code - 1)
        return [Number.isNaN(number) ? null : number, symbols.textAt(code - 1)]
      }
      cells.set(
        field.name,
        Array.from({ length: table.rows }, (_, row) => cellAt(row)),
      )
    }
  return cells
}

/** A QVD as an app shows it, and what STORE makes of it. */
async function loaded(
  bytes: Uint8Array,
): Promise<{ cells: Map<string, Cell[]>; stored: Uint8Array }> {
  let stored = new Uint8Array(0)
  const writer = createWriter({
    async put(_, chunks) {
      const parts: Uint8Array[] = []
      for await (const chunk of chunks) parts.push(chunk.slice())
      stored = new Uint8Array(Buffer.concat(parts))
    },
  })
  const reader = fileReader(new Map<string, ByteSource>([['in.qvd', bytesSource('in.qvd', bytes)]]))
  const script = 'T: LOAD * FROM in.qvd (qvd);\nSTORE T INTO out.qvd (qvd);'
  const app = await createApp({ script, reader, writer })
  const cells = cellsOf(app)
  app.close()
  return { cells, stored }
}

const numberIn = (value: Value): number | null =>
  typeof value === 'number' ? value : value instanceof Dual ? value.number : null

describe.skipIf(files.length === 0)('a QVD loaded and stored by a script', () => {
  test.each(files)('%s is the same table', async (file) => {
    const bytes = new Uint8Array(readFileSync(resolve(folder, file)))
    const first = await loaded(bytes)
    for (const column of await readColumns(bytes)) {
      const cells = first.cells.get(column.name) ?? []
      const values = valuesOf(column)
      expect(cells.map(([number]) => number)).toEqual(values.map(numberIn))
      const texts = values.map((value, row) =>
        typeof value === 'string' || value === null ? value : cells[row]?.[1],
      )
      expect(cells.map(([, text]) => text)).toEqual(texts)
    }
    expect((await loaded(first.stored)).cells).toEqual(first.cells)
  })
})
