import { describe, expect, it } from 'vitest'
import { Document } from '../app/document.ts'
import { acceptQix } from './acceptor.ts'
import { MemoryHost } from './memory-host.ts'
import type { Acceptor } from './transport.ts'

type Result = Record<string, Record<string, unknown> | undefined>

interface Message {
  readonly id?: number
  readonly method?: string
  readonly params?: unknown
  readonly result?: Result
  readonly error?: { readonly code: number; readonly message: string; readonly parameter: string }
  readonly change?: number[]
  readonly close?: number[]
}

/** A client that writes its frames by hand. */
class Wire {
  readonly messages: Message[] = []
  closedWith: number | undefined
  readonly #listener: ReturnType<Acceptor>
  #id = 0

  constructor(accept: Acceptor) {
    this.#listener = accept({
      send: (text) => this.messages.push(JSON.parse(text)),
      close: (code) => {
        this.closedWith = code
      },
    })
  }

  raw(text: string): void {
    this.#listener.message(text)
  }

  end(): void {
    this.#listener.closed()
  }

  async call(handle: number, method: string, params: unknown = []): Promise<Message> {
    const id = ++this.#id
    this.raw(JSON.stringify({ jsonrpc: '2.0', id, handle, method, params }))
    for (let turn = 0; turn < 1000; turn++) {
      const reply = this.messages.find((message) => message.id === id)
      if (reply !== undefined) return reply
      await new Promise((resolve) => setTimeout(resolve, 0))
    }
    throw new Error(`No reply to ${method}`)
  }

  async result(handle: number, method: string, params: unknown = []): Promise<Result> {
    const { result, error } = await this.call(handle, method, params)
    if (result === undefined) throw new Error(`${method}: ${error?.message}`)
    return result
  }
}

async function sessionApp(host = new MemoryHost()): Promise<{ wire: Wire; doc: number }> {
  const wire = new Wire(acceptQix(host))
  const { qReturn } = await wire.result(-1, 'CreateSessionApp')
  return { wire, doc: Number(qReturn?.qHandle) }
}

describe('connection', () => {
  it('greets first', () => {
    const wire = new Wire(acceptQix(new MemoryHost()))
    expect(wire.messages).toEqual([
      { jsonrpc: '2.0', method: 'OnConnected', params: { qSessionState: 'SESSION_CREATED' } },
    ])
  })

  it('refuses what is not JSON-RPC', () => {
    const wire = new Wire(acceptQix(new MemoryHost()))
    for (const text of [
      '{',
      '[]',
      '{"method":"x"}',
      '{"id":1}',
      '{"id":2,"method":"EngineVersion","handle":1.5}',
    ])
      wire.raw(text)
    expect(wire.messages.slice(1).map(({ error }) => error?.code)).toEqual([
      -32700, -32600, -32600, -32600, -32600,
    ])
  })

  it('answers unknown methods and wrong parameters by code', async () => {
    const wire = new Wire(acceptQix(new MemoryHost()))
    expect((await wire.call(-1, 'Frobnicate')).error?.code).toBe(-32601)
    expect((await wire.call(-1, 'toString')).error?.code).toBe(-32601)
    expect((await wire.call(-1, 'OpenDoc', [7])).error?.code).toBe(-32602)
    expect((await wire.call(-1, 'GetActiveDoc')).error).toMatchObject({
      code: 1007,
      parameter: 'No active document',
    })
    expect((await wire.call(-1, 'OpenDoc', { qDocName: 'nowhere' })).error?.code).toBe(1003)
    expect((await wire.call(5, 'GetLayout')).error?.code).toBe(2)
  })

  it('closes on a message that is too big', () => {
    const wire = new Wire(
      acceptQix(new MemoryHost(), { kind: 'global' }, { maxMessage: 10, maxPending: 1 }),
    )
    wire.raw('x'.repeat(11))
    expect(wire.closedWith).toBe(1009)
  })

  it('attaches to the app its address names, or answers 1003', async () => {
    const host = new MemoryHost()
    const { id } = await host.createDocument('Sales')
    const known = new Wire(acceptQix(host, { kind: 'app', id }))
    expect((await known.result(-1, 'GetActiveDoc')).qReturn).toMatchObject({ qGenericId: id })
    const unknown = new Wire(acceptQix(host, { kind: 'app', id: 'nowhere' }))
    expect((await unknown.call(-1, 'GetActiveDoc')).error?.code).toBe(1003)
    expect((await unknown.call(-1, 'OpenDoc', ['nowhere'])).error?.code).toBe(1003)
  })

  it('opens a session app by address', async () => {
    const host = new MemoryHost()
    const wire = new Wire(acceptQix(host, { kind: 'session-app', name: 'SessionApp_x' }))
    expect((await wire.result(-1, 'GetActiveDoc')).qReturn).toEqual({
      qType: 'Doc',
      qHandle: 1,
      qGenericId: 'SessionApp_x',
    })
  })
})

describe('objects', () => {
  it('gives the same object the same handle and reports changes', async () => {
    const { wire, doc } = await sessionApp()
    const created = await wire.result(doc, 'CreateObject', [
      { qInfo: { qType: 'kpi', qId: 'a' }, qMetaDef: { title: 'T' } },
    ])
    expect(created).toMatchObject({
      qReturn: { qType: 'GenericObject', qGenericId: 'a', qGenericType: 'kpi' },
      qInfo: { qId: 'a' },
    })
    const again = await wire.result(doc, 'GetObject', { qId: 'a' })
    expect(again.qReturn).toEqual(created.qReturn)
    const handle = Number(again.qReturn?.qHandle)
    const patched = await wire.call(handle, 'ApplyPatches', [
      [{ qOp: 'Replace', qPath: '/x/y', qValue: '1' }],
      true,
    ])
    expect(patched.change).toContain(handle)
    expect((await wire.result(handle, 'GetLayout')).qLayout).toMatchObject({
      x: { y: 1 },
      qHasSoftPatches: true,
      qMeta: { title: 'T' },
    })
    expect((await wire.result(handle, 'GetProperties')).qProp).not.toHaveProperty('x')
    const destroyed = await wire.call(doc, 'DestroyObject', ['a'])
    expect(destroyed.close).toEqual([handle])
    expect((await wire.call(doc, 'GetObject', ['a'])).error).toMatchObject({
      code: 2,
      message: 'Object not found',
    })
  })

  it('leaves alone what a new or destroyed object does not concern', async () => {
    const { wire, doc } = await sessionApp()
    const create = async (properties: object): Promise<number> =>
      Number((await wire.result(doc, 'CreateSessionObject', [properties])).qReturn?.qHandle)
    const fields = await create({ qInfo: { qType: 'f' }, qFieldListDef: {} })
    const shared = await create({ qInfo: { qType: 's' }, qAppObjectListDef: { qType: 'kpi' } })
    const first = await wire.call(doc, 'CreateSessionObject', [{ qInfo: { qId: 'a' } }])
    const second = await wire.call(doc, 'DestroySessionObject', ['a'])
    for (const { change } of [first, second]) {
      expect(change).not.toContain(fields)
      expect(change).not.toContain(shared)
    }
    const listed = await wire.call(doc, 'CreateObject', [{ qInfo: { qType: 'kpi' } }])
    expect(listed.change).toContain(shared)
    expect(listed.change).not.toContain(fields)
  })

  it('gives objects ids that no other document has', async () => {
    const ids = await Promise.all(
      [1, 2].map(async () => {
        const { wire, doc } = await sessionApp()
        const { qReturn } = await wire.result(doc, 'CreateSessionObject', [{ qInfo: {} }])
        return qReturn?.qGenericId
      }),
    )
    expect(new Set(ids).size).toBe(2)
  })

  it('pushes changes that others make', async () => {
    const host = new MemoryHost()
    const one = await sessionApp(host)
    const other = new Wire(acceptQix(host, { kind: 'session-app', name: 'SessionApp_1' }))
    await other.result(-1, 'GetActiveDoc')
    await one.wire.result(one.doc, 'CreateObject', [{ qInfo: { qType: 'kpi', qId: 'a' } }])
    const { qReturn } = await other.result(1, 'GetObject', ['a'])
    await one.wire.result(one.doc, 'SetScript', ['x'])
    await Promise.resolve()
    const handle = Number(qReturn?.qHandle)
    const { qReturn: first } = await one.wire.result(one.doc, 'GetObject', ['a'])
    await one.wire.result(Number(first?.qHandle), 'SetProperties', [
      { qInfo: { qType: 'kpi', qId: 'a' }, b: 2 },
    ])
    await new Promise((resolve) => setTimeout(resolve, 0))
    expect(other.messages.at(-1)?.change).toContain(handle)
    expect(other.messages.at(-1)).not.toHaveProperty('id')
  })

  it('builds trees of children', async () => {
    const { wire, doc } = await sessionApp()
    const { qReturn } = await wire.result(doc, 'CreateSessionObject', [
      { qInfo: { qType: 'filterpane' }, qChildListDef: { qData: { t: '/title' } } },
    ])
    const handle = Number(qReturn?.qHandle)
    await wire.result(handle, 'SetFullPropertyTree', [
      {
        qProperty: { qInfo: { qType: 'filterpane' }, qChildListDef: { qData: { t: '/title' } } },
        qChildren: [{ qProperty: { qInfo: { qType: 'listbox', qId: 'c' }, title: 'C' } }],
      },
    ])
    const { qLayout } = await wire.result(handle, 'GetLayout')
    expect(qLayout).toMatchObject({
      qChildList: { qItems: [{ qInfo: { qId: 'c', qType: 'listbox' }, qData: { t: 'C' } }] },
    })
    expect(await wire.result(handle, 'GetChild', ['c'])).toMatchObject({
      qReturn: { qGenericId: 'c' },
    })
  })

  it('keeps one modal object', async () => {
    const { wire, doc } = await sessionApp()
    const a = Number(
      (await wire.result(doc, 'CreateSessionObject', [{ qInfo: { qType: 'a' } }])).qReturn?.qHandle,
    )
    const b = Number(
      (await wire.result(doc, 'CreateSessionObject', [{ qInfo: { qType: 'b' } }])).qReturn?.qHandle,
    )
    await wire.result(a, 'BeginSelections', [[]])
    await wire.result(a, 'BeginSelections', [[]])
    expect((await wire.result(a, 'GetLayout')).qLayout).toMatchObject({
      qSelectionInfo: { qInSelections: true },
    })
    expect((await wire.call(b, 'BeginSelections', [[]])).error?.code).toBe(6003)
    await wire.result(doc, 'AbortModal', [true])
    expect((await wire.result(a, 'GetLayout')).qLayout).toMatchObject({ qSelectionInfo: {} })
    await wire.result(b, 'BeginSelections', [[]])
  })
})

describe('variables and bookmarks', () => {
  it('creates, sets and refuses twins', async () => {
    const { wire, doc } = await sessionApp()
    const { qReturn } = await wire.result(doc, 'CreateVariableEx', [
      { qInfo: { qType: 'variable' }, qName: 'v', qDefinition: '7' },
    ])
    const handle = Number(qReturn?.qHandle)
    expect((await wire.result(handle, 'GetLayout')).qLayout).toMatchObject({
      qText: '7',
      qNum: 7,
    })
    await wire.result(handle, 'SetStringValue', ['seven'])
    expect((await wire.result(handle, 'GetLayout')).qLayout).toMatchObject({
      qText: 'seven',
      qNum: 'NaN',
    })
    expect((await wire.call(doc, 'CreateVariableEx', [{ qName: 'v' }])).error?.code).toBe(18001)
    expect((await wire.call(doc, 'GetVariableByName', ['w'])).error?.code).toBe(2)
  })

  it('lists bookmarks with their data', async () => {
    const { wire, doc } = await sessionApp()
    await wire.result(doc, 'CreateBookmark', [
      { qInfo: { qType: 'bookmark', qId: 'b' }, qMetaDef: { title: 'Mine' } },
    ])
    const { qReturn } = await wire.result(doc, 'CreateSessionObject', [
      {
        qInfo: { qType: 'l' },
        qBookmarkListDef: { qType: 'bookmark', qData: { t: '/qMetaDef/title' } },
      },
    ])
    const { qLayout } = await wire.result(Number(qReturn?.qHandle), 'GetLayout')
    expect(qLayout).toMatchObject({
      qBookmarkList: {
        qItems: [{ qInfo: { qId: 'b' }, qMeta: { title: 'Mine' }, qData: { t: 'Mine' } }],
      },
    })
  })
})

describe('script', () => {
  it('is carried out in part when asked', async () => {
    const { wire, doc } = await sessionApp()
    await wire.result(doc, 'SetScript', [
      'T: LOAD 1 AS a AUTOGENERATE 1;\nADD ONLY LOAD 10 AS a AUTOGENERATE 1;',
    ])
    expect(await wire.result(doc, 'DoReload')).toEqual({ qReturn: true })
    expect(await wire.result(doc, 'DoReload', [0, true, false])).toEqual({ qReturn: true })
    await wire.result(doc, 'DoReloadEx', [{ qPartial: true }])
    expect(await wire.result(doc, 'EvaluateEx', ['Sum(a)'])).toMatchObject({
      qValue: { qNumber: 21 },
    })
  })

  it('with section access leaves an app that nobody can open', async () => {
    const document = new Document({ id: 'restricted' })
    const wire = new Wire(acceptQix(new MemoryHost({ documents: [document] })))
    const { qReturn } = await wire.result(-1, 'OpenDoc', ['restricted'])
    const doc = Number(qReturn?.qHandle)
    await wire.result(doc, 'SetScript', [
      "SECTION ACCESS; R: LOAD 'ADMIN' AS ACCESS AUTOGENERATE 1; SECTION APPLICATION; T: LOAD 1 AS a AUTOGENERATE 1;",
    ])
    expect(await wire.result(doc, 'DoReload')).toEqual({ qReturn: true })
    expect(await wire.result(doc, 'EvaluateEx', ['Sum(a)'])).toMatchObject({
      qValue: { qText: expect.stringContaining('SECTION ACCESS') },
    })
    expect(await wire.call(doc, 'GetTablesAndKeys', [{}, {}, 0, true, false])).toHaveProperty(
      'error',
    )
    expect(await wire.call(doc, 'GetField', ['a'])).toHaveProperty('error')
    const other = new Wire(acceptQix(new MemoryHost({ documents: [document] })))
    const refused = await other.call(-1, 'OpenDoc', ['restricted'])
    expect(refused.error?.message).toContain('SECTION ACCESS')
  })

  it('reports errors of syntax and of a reload', async () => {
    const { wire, doc } = await sessionApp()
    await wire.result(doc, 'SetScript', ['LOAD * INLINE [a\n1];\nLOAD FROM;'])
    const { qErrors } = await wire.result(doc, 'CheckScriptSyntax')
    expect(qErrors).toHaveLength(1)
    expect(await wire.result(doc, 'DoReload')).toEqual({ qReturn: false })
    const { qProgressData } = await wire.result(-1, 'GetProgress', [0])
    expect(qProgressData).toMatchObject({ qFinished: true, qErrorData: [{}] })
  })
})
