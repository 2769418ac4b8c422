import { describe, expect, it } from 'vitest'
import { createApp } from './app.ts'
import { Document } from './document.ts'
import { openDocument, saveDocument } from './saved-document.ts'
import { Session } from './session.ts'

const script = `T: LOAD RecNo() AS a, 'old' AS b AUTOGENERATE 3;
ADD ONLY CONCATENATE (T) LOAD 10 + RecNo() AS a, 'new' AS b AUTOGENERATE 1;
MERGE ONLY (seq, last) ON a CONCATENATE (T) LOAD 'U' AS o, 1 AS a, $(#last) + 1 AS seq AUTOGENERATE 1;`

function bytesOf(document: Document): Uint8Array {
  const parts = saveDocument(document)
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}

describe('a partial reload of an app', () => {
  it('goes on from the data and the variables of the one before', async () => {
    const app = await createApp({ script })
    app.field('b').select(['old'])
    await app.reload(undefined, { partial: true })
    expect(app.evaluate('Count({1} a)').number).toBe(4)
    expect(app.evaluate('Count(a)').number).toBe(3)
    await app.reload(undefined, { partial: true })
    expect(app.evaluate("Count({<b = {'new'}>} a)").number).toBe(2)
    expect(app.evaluate('Max({1} seq)').number).toBe(2)
    expect(app.variable('last')).toBe('2')
    await app.reload()
    expect(app.evaluate('Count({1} a)').number).toBe(3)
    expect(app.variable('last')).toBeUndefined()
  })

  it('tells where old and new values came from', async () => {
    const app = await createApp({
      script:
        'T: LOAD * INLINE [\na\n1\n];\nADD ONLY LOAD 1 AS a AUTOGENERATE 1;\nU: LOAD * INLINE [\nb\n1\n];',
    })
    const before = app.reloadReport?.lineage
    await app.reload(undefined, { partial: true })
    expect(app.reloadReport?.lineage).toEqual(before)
    expect(before?.map(({ from }) => from.length)).toEqual([1, 1])
  })

  it('goes on from a saved app', async () => {
    const document = new Document({ id: 'd' })
    document.script = script
    await document.reload()
    const opened = openDocument(bytesOf(document), { id: 'd' })
    await opened.reload({ partial: true })
    expect(opened.model.tables.map(({ name, rows }) => [name, rows])).toEqual([['T', 4]])
    expect(new Session(opened).evaluate('Count(a)')).toBe(4)
  })

  it('leaves the old data when it fails or is cancelled', async () => {
    const app = await createApp({ script })
    const failing = `${script}\nADD LOAD 1 AS a, 2 AS b AUTOGENERATE 5;\nLOAD * RESIDENT Nowhere;\nADD LOAD * RESIDENT Nowhere;`
    await expect(app.reload(failing, { partial: true })).rejects.toMatchObject({
      code: 'table-not-found',
    })
    expect(app.evaluate('Count(a)').number).toBe(3)
    let steps = 0
    const signal = {
      get aborted() {
        steps += 1
        return steps > 3
      },
    }
    await expect(app.reload(undefined, { partial: true, signal })).rejects.toMatchObject({
      code: 'cancelled',
    })
    expect(app.evaluate('Count(a)').number).toBe(3)
    await app.reload(undefined, { partial: true })
    expect(app.evaluate('Count(a)').number).toBe(4)
  })
})

describe('an app with section access', () => {
  const restricted =
    "SECTION ACCESS; R: LOAD 'ADMIN' AS ACCESS AUTOGENERATE 1; SECTION APPLICATION; T: LOAD 1 AS a AUTOGENERATE 1;"

  it('reloads, is saved and reopened, and opened by nobody', async () => {
    const document = new Document({ id: 'd' })
    document.script = restricted
    await document.reload()
    expect(document.sectionAccess).toEqual([{ name: 'R', fields: ['ACCESS'], rows: [['ADMIN']] }])
    const refused = expect.objectContaining({ code: 'section-access-unavailable' })
    expect(() => new Session(document)).toThrow(refused)
    const opened = openDocument(bytesOf(document), { id: 'd' })
    expect(opened.sectionAccess).toEqual(document.sectionAccess)
    expect(() => new Session(opened)).toThrow(refused)
    await expect(createApp({ script: restricted })).rejects.toMatchObject({
      code: 'section-access-unavailable',
    })
    opened.script = 'T: LOAD 1 AS a AUTOGENERATE 1;'
    await opened.reload()
    expect(new Session(opened).evaluate('Sum(a)')).toBe(1)
  })

  it('shows nothing to a session that was open before', async () => {
    const app = await createApp({ script: 'T: LOAD 1 AS a AUTOGENERATE 1;' })
    const cube = app.cube({ dimensions: ['a'], measures: ['Sum(a)'] })
    cube.subscribe(() => {})
    app.field('a').select([1])
    await app.reload(restricted)
    const refused = expect.objectContaining({ code: 'section-access-unavailable' })
    expect(() => app.evaluate('Sum(a)')).toThrow(refused)
    expect(() => app.fields).toThrow(refused)
    expect(() => app.memory()).toThrow(refused)
    expect(() => cube.read()).toThrow(refused)
    await app.reload('T: LOAD 2 AS a AUTOGENERATE 1;')
    expect(app.evaluate('Sum(a)').number).toBe(2)
  })
})
