import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type enigma from 'enigma.js'

/** What the tests of every transport share: an unmodified enigma.js client and a small app to look at. */

export const schema: object = JSON.parse(
  readFileSync(createRequire(import.meta.url).resolve('enigma.js/schemas/12.2027.0.json'), 'utf8'),
)

/** Orders of three customers, one region without a customer that ordered, two categories of products. */
export const script: string = `
Orders:
LOAD * INLINE [
OrderId, CustomerId, ProductId, Amount
1, a, p, 10
2, a, q, 20
3, b, p, 30
4, c, r, 40
];
Customers:
LOAD * INLINE [
CustomerId, Region
a, North
b, South
c, South
d, West
];
Products:
LOAD * INLINE [
ProductId, Category
p, Home
q, Garden
r, Home
];
`

export type EnigmaConfig = Parameters<typeof enigma.create>[0]
export type EnigmaSession = ReturnType<typeof enigma.create>
export type Api = Awaited<ReturnType<EnigmaSession['open']>>

export interface Cell {
  readonly qText: string
  readonly qNum: number | string
  readonly qElemNumber: number
  readonly qState: string
}

interface Pages {
  readonly qDataPages: readonly { readonly qMatrix: readonly (readonly Cell[])[] }[]
}

/** Calls a method the schema gives the object. */
export async function call<T>(api: Api, method: string, ...params: unknown[]): Promise<T> {
  const run: unknown = Reflect.get(api, method)
  if (typeof run !== 'function') throw new Error(`The schema has no ${method}`)
  return run.apply(api, params)
}

/** A list of a field's values by state, then by text. */
export function listBox(field: string, extra: object = {}): object {
  return {
    qInfo: { qType: 'listbox' },
    qListObjectDef: {
      qDef: { qFieldDefs: [field], qSortCriterias: [{ qSortByState: 1, qSortByAscii: 1 }] },
      qInitialDataFetch: [{ qTop: 0, qLeft: 0, qWidth: 1, qHeight: 100 }],
      ...extra,
    },
  }
}

/** The values of a list object with their states, as `North:O`. */
export async function states(list: Api): Promise<string[]> {
  const { qListObject } = await call<{ qListObject: Pages }>(list, 'getLayout')
  return firstPage(qListObject).map(([cell]) => `${cell?.qText}:${cell?.qState}`)
}

/** The cells of a hypercube's first page. */
export async function cubeCells(chart: Api): Promise<readonly (readonly Cell[])[]> {
  const { qHyperCube } = await call<{ qHyperCube: Pages }>(chart, 'getLayout')
  return firstPage(qHyperCube)
}

function firstPage({ qDataPages }: Pages): readonly (readonly Cell[])[] {
  return qDataPages[0]?.qMatrix ?? []
}
