import { describe, expect, it } from 'vitest'
import { arenaOf } from '../wasm/arena.ts'
import { Document } from './document.ts'
import { openDocument, saveDocument } from './saved-document.ts'
import { Session } from './session.ts'

const rows = 300_000

function saved(): Uint8Array {
  const document = new Document({ id: 'a', title: 'Sales' })
  document.loadTables({
    Sales: {
      shop: Int32Array.from({ length: rows }, (_, row) => row % 900),
      amount: Float64Array.from({ length: rows }, (_, row) => (row * 37) % 1000),
    },
  })
  document.script = 'LOAD 1 AUTOGENERATE 1;'
  const parts = saveDocument(document)
  const bytes = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}

const answers = (document: Document) => {
  const session = new Session(document)
  session.selectSearch(session.field('shop').index, '>100<=400', 'replace')
  const cube = session.cube({ dimensions: [], measures: [{ definition: 'Sum(amount)' }] })
  return { sum: cube.page(0, 0, 1, 1), shops: session.inference().counts(0) }
}

const columnOf = (document: Document) => {
  const [column] = document.model.tables[0]?.columns.values() ?? []
  const codes = column?.segments[0]?.codes
  if (codes === undefined) throw new Error('there is a column')
  return codes
}

describe('a saved document', () => {
  const bytes = saved()

  it('comes back with its content, in memory that kernels read', () => {
    const opened = openDocument(bytes, { id: 'b' })
    expect(opened.title).toBe('Sales')
    expect(opened.script).toBe('LOAD 1 AUTOGENERATE 1;')
    expect(arenaOf(columnOf(opened).buffer)).toBeDefined()
    expect(answers(opened).sum[0]?.[0]?.number).toBe(
      Array.from({ length: rows }, (_, row) => row)
        .filter((row) => row % 900 > 100 && row % 900 <= 400)
        .reduce((sum, row) => sum + ((row * 37) % 1000), 0),
    )
  })

  it('is read where it lies when its bytes are shared', () => {
    const shared = new Uint8Array(new SharedArrayBuffer(bytes.length))
    shared.set(bytes)
    const [one, other] = [openDocument(shared, { id: 'b' }), openDocument(shared, { id: 'c' })]
    for (const document of [one, other]) expect(columnOf(document).buffer).toBe(shared.buffer)
    expect(answers(one)).toEqual(answers(openDocument(bytes, { id: 'd' })))
    expect(answers(other)).toEqual(answers(one))
  })

  it('keeps to a budget of memory', () => {
    expect(() => openDocument(bytes, { id: 'b', memory: { budget: 1000 } })).toThrow(
      expect.objectContaining({ code: 'memory-budget-exceeded' }),
    )
  })
})
