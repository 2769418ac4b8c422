import { basename, dirname } from 'node:path'
import { type App, type ConnectionFactory, createApp, namedConnections } from '@lichen/engine'
import { startThreads } from '@lichen/engine/threads'
import { folderReader } from '@lichen/loader/node'
import type { Contender, Loaded } from './contender.ts'
import { type Figures, numberFields } from './figures.ts'
import { type OrderField, orderFields } from './orders.ts'

/** Whether the model counts days as dates or, as the file has it, as texts. */
type Days = 'dates' | 'texts'

/** A LOAD over the file, from a clause as it stands in a script; `columns` say how a field is called where it has another name there. */
export function ownFile(
  clause: string,
  columns: Readonly<Partial<Record<OrderField, string>>> = {},
  days: Days = 'dates',
): Contender {
  const list = orderFields.map((field) => {
    const column = columns[field]
    return column === undefined ? field : `[${column}] AS ${field}`
  })
  const load = (place: string): Promise<App> =>
    createApp({
      script: `orders: LOAD ${list.join(', ')} FROM [${basename(place)}] ${clause};`,
      reader: folderReader({ root: dirname(place) }),
    })
  return own(() => load, days)
}

/** A SELECT of all orders from a database. @param factory imports the connection to a place */
export function ownQuery(
  factory: () => Promise<(place: string) => ConnectionFactory>,
  days: Days = 'dates',
): Contender {
  return own(async () => {
    const connect = await factory()
    return (place) =>
      createApp({
        script: `LIB CONNECT TO 'shop'; orders: SQL SELECT * FROM orders;`,
        connections: namedConnections({ shop: connect(place) }),
      })
  }, days)
}

type LoadApp = (place: string) => Promise<App>

function own(loader: () => Promise<LoadApp> | LoadApp, days: Days): Contender {
  return {
    name: 'Lichen',
    ending: 'model',
    async open() {
      startThreads({ count: Number(process.env.LICHEN_BENCH_THREADS ?? 2) - 1 })
      const load = await loader()
      return async (place): Promise<Loaded> => {
        const app = await load(place)
        return { figures: () => figuresOfApp(app, days), close: () => app.close() }
      }
    },
  }
}

/** As the model answers them; an empty text, which is what some formats have for NULL, counts as missing. */
function figuresOfApp(app: App, days: Days): Figures {
  // The sum of days tells that they were read as dates.
  const summed = days === 'dates' ? [...numberFields, 'day'] : numberFields
  const measures = orderFields.flatMap((field) => {
    const filled = `If(Len([${field}]) > 0, [${field}])`
    return [`Count(DISTINCT ${filled})`, `Count(${filled})`, `Sum([${field}])`]
  })
  const cells = app.cube({ measures: ['Count([id])', ...measures] }).read().totals
  const number = (at: number): number => cells[at]?.number ?? Number.NaN
  const rows = number(0)
  const columns = orderFields.map((field, at) => {
    const [distinct, filled, sum] = [1, 2, 3].map((place) => number(3 * at + place))
    return [
      field,
      {
        distinct: distinct ?? 0,
        missing: rows - (filled ?? 0),
        ...(sum !== undefined && summed.includes(field) ? { sum } : {}),
      },
    ] as const
  })
  return { rows, columns: Object.fromEntries(columns) }
}
