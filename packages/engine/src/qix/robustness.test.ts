import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Document } from '../app/document.ts'
import { acceptQix } from './acceptor.ts'
import { MemoryHost } from './memory-host.ts'
import { docMethods } from './methods/doc.ts'
import { fieldMethods } from './methods/field.ts'
import { genericBookmarkMethods } from './methods/generic-bookmark.ts'
import { genericDimensionMethods, genericMeasureMethods } from './methods/generic-item.ts'
import { genericObjectMethods } from './methods/generic-object.ts'
import { genericVariableMethods } from './methods/generic-variable.ts'
import { globalMethods } from './methods/global.ts'

const seed = Number(process.env.LICHEN_SEED ?? 20261124)
const numRuns = Number(process.env.LICHEN_RUNS ?? 300)

interface Reply {
  readonly id?: number
  readonly error?: { readonly code: number }
}

const handles = {
  global: -1,
  doc: 1,
  object: 2,
  field: 3,
  dimension: 4,
  measure: 5,
  variable: 6,
  bookmark: 7,
}

const methods: readonly (readonly [number, string])[] = [
  [handles.global, globalMethods],
  [handles.doc, docMethods],
  [handles.object, genericObjectMethods],
  [handles.field, fieldMethods],
  [handles.dimension, genericDimensionMethods],
  [handles.measure, genericMeasureMethods],
  [handles.variable, genericVariableMethods],
  [handles.bookmark, genericBookmarkMethods],
].flatMap(([handle, table]) =>
  typeof handle === 'number' && typeof table === 'object'
    ? Object.keys(table).map((name) => [handle, name] as const)
    : [],
)

const opening: readonly (readonly [number, string, unknown[]])[] = [
  [-1, 'OpenDoc', ['app']],
  [
    1,
    'CreateSessionObject',
    [
      {
        qInfo: { qType: 'x' },
        qHyperCubeDef: {
          qDimensions: [{ qDef: { qFieldDefs: ['a'] } }],
          qMeasures: [{ qDef: { qDef: 'Sum(b)' } }],
        },
        qListObjectDef: { qDef: { qFieldDefs: ['a'] } },
      },
    ],
  ],
  [1, 'GetField', ['a']],
  [1, 'CreateDimension', [{ qInfo: { qType: 'd' }, qDim: { qFieldDefs: ['a'] } }]],
  [1, 'CreateMeasure', [{ qInfo: { qType: 'm' }, qMeasure: { qDef: 'Sum(b)' } }]],
  [1, 'CreateSessionVariable', [{ qName: 'v' }]],
  [1, 'CreateBookmark', [{ qInfo: { qType: 'b' } }]],
]

const path = fc.constantFrom(
  '/qHyperCubeDef',
  '/qListObjectDef',
  '/',
  '',
  '/qHyperCubeDef/qDimensions/0',
  '/__proto__',
)
const definition = fc.oneof(
  fc.record({
    qInfo: fc.jsonValue({ maxDepth: 1 }),
    qHyperCubeDef: fc.jsonValue({ maxDepth: 3 }),
    qListObjectDef: fc.jsonValue({ maxDepth: 2 }),
  }),
  fc.record({
    qDimensions: fc.array(
      fc.record({ qDef: fc.jsonValue({ maxDepth: 2 }), qLibraryId: fc.jsonValue({ maxDepth: 0 }) }),
    ),
  }),
)
const patches = fc.array(
  fc.record({
    qOp: fc.constantFrom('add', 'Replace', 'remove', 'x'),
    qPath: fc.oneof(path, fc.string()),
    qValue: fc.oneof(fc.json({ maxDepth: 2 }), fc.string()),
  }),
)
const page = fc.array(
  fc.record({ qTop: fc.double(), qLeft: fc.integer(), qWidth: fc.double(), qHeight: fc.double() }),
)
const argument = fc.oneof(
  path,
  definition,
  patches,
  page,
  fc.array(fc.integer({ min: -5, max: 5 })),
  fc.jsonValue({ maxDepth: 2 }),
  fc.string(),
  fc.integer(),
  fc.boolean(),
)

describe('whatever a client sends', () => {
  it(`gets a typed answer (seed ${seed})`, async () => {
    const call = fc.tuple(
      fc.constantFrom(...methods),
      fc.oneof(fc.array(argument, { maxLength: 5 }), argument),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(call, { minLength: 1, maxLength: 20 }), async (calls) => {
        const document = new Document({ id: 'app' })
        document.loadTables({
          T: [
            { a: 'x', b: 1 },
            { a: 'y', b: 2 },
          ],
        })
        const replies: Reply[] = []
        const listener = acceptQix(new MemoryHost({ documents: [document] }))({
          send: (text) => replies.push(JSON.parse(text)),
          close: () => replies.push({ error: { code: -128 } }),
        })
        let id = 0
        const send = async (handle: number, method: string, params: unknown): Promise<void> => {
          id += 1
          listener.message(JSON.stringify({ jsonrpc: '2.0', id, handle, method, params }))
          for (let turn = 0; turn < 50 && !replies.some((reply) => reply.id === id); turn++)
            await new Promise((resolve) => setTimeout(resolve, 0))
        }
        for (const [handle, method, params] of opening) await send(handle, method, params)
        expect(replies.filter(({ error }) => error !== undefined)).toEqual([])
        for (const [[handle, method], params] of calls) await send(handle, method, params)
        expect(new Set(replies.flatMap((reply) => reply.id ?? [])).size).toBe(id)
        expect(replies.filter(({ error }) => error?.code === -128)).toEqual([])
        listener.closed()
      }),
      { seed, numRuns },
    )
  }, 120_000)
})
