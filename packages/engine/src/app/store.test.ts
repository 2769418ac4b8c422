import { describe, expect, it } from 'vitest'
import type { StoredTable, TableWriter } from '../script/writer.ts'
import { createApp } from './app.ts'

/** Remembers what was stored, as rows of texts. */
function memoryWriter(): { writer: TableWriter; stored: Map<string, unknown> } {
  const stored = new Map<string, unknown>()
  const writer: TableWriter = {
    async store(path, clause, table) {
      stored.set(path, [clause.format, table.fields.map(({ name }) => name), ...rowsOf(table)])
    },
  }
  return { writer, stored }
}

function rowsOf({ rows, fields }: StoredTable): (string | null)[][] {
  const codes = fields.map(({ read }) => {
    const out = new Uint32Array(rows)
    read(0, rows, out)
    return out
  })
  return Array.from({ length: rows }, (_, row) =>
    fields.map(({ symbols }, f) => {
      const code = codes[f]?.[row] ?? 0
      return code === 0 ? null : symbols.textAt(code - 1)
    }),
  )
}

const tables = `T: LOAD * INLINE [
a, b
1, x
2,
3, y
];`

describe('STORE', () => {
  it('hands over the table as it stands, whole or some fields under other names', async () => {
    const { writer, stored } = memoryWriter()
    await createApp({
      writer,
      script: `SET NullInterpret = '';
${tables}
STORE T INTO [lib://out/t.qvd] (qvd);
STORE b AS name, a FROM T INTO part.csv;
T: LOAD 4 AS a AUTOGENERATE 1;
Concatenate (T) LOAD 5 AS a, Null() AS b AUTOGENERATE 1;
STORE * FROM T INTO more.txt (txt);
DROP TABLE T;`,
    })
    expect(stored.get('lib://out/t.qvd')).toEqual([
      'qvd',
      ['a', 'b'],
      ['1', 'x'],
      ['2', ''],
      ['3', 'y'],
    ])
    expect(stored.get('part.csv')).toMatchObject([undefined, ['name', 'a'], ['x', '1'], {}, {}])
    expect(stored.get('more.txt')).toHaveLength(6)
  })

  it('says what is missing, and where', async () => {
    const { writer } = memoryWriter()
    const failing = (script: string, more: object = { writer }) =>
      expect(createApp({ script, ...more })).rejects
    await failing(`${tables} STORE X INTO x.txt;`).toThrow('There is no table X')
    await failing(`${tables} STORE c FROM T INTO x.txt;`).toThrow('Table T has no field c')
    await failing(`${tables} STORE T INTO x.txt;`, {}).toThrow(
      'This host gives scripts no files to write',
    )
  })
})
