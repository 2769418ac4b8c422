import {
  type App,
  type CreateFromScript,
  type CubeCell,
  type FieldNames,
  LichenError,
  type TablesInput,
} from '@lichen/engine'
import type { RemoteApp } from '../../src/index.ts'

export type Either<Field extends string = string> = App<Field> | RemoteApp<Field>
type ScriptOptions = Pick<CreateFromScript, 'script' | 'onProgress'> & {
  readonly signal?: AbortSignal
}

/** One way to an engine. What is asked of it is asked with `await`, so that answers and promises of answers serve alike. */
export interface Face {
  openTables<const Tables extends TablesInput>(tables: Tables): Promise<Either<FieldNames<Tables>>>
  openScript(options: ScriptOptions): Promise<Either>
  close(): void | Promise<void>
}

const sales = {
  Orders: [
    { Customer: 'a', Product: 'p', Amount: 10 },
    { Customer: 'a', Product: 'q', Amount: 20 },
    { Customer: 'b', Product: 'p', Amount: 30 },
    { Customer: 'c', Product: 'r', Amount: 40 },
    { Customer: 'e', Product: 'r', Amount: 0 },
  ],
  Customers: [
    { Customer: 'a', Region: 'North' },
    { Customer: 'b', Region: 'South' },
    { Customer: 'c', Region: 'South' },
    { Customer: 'd', Region: 'West' },
    { Customer: 'e', Region: 'East' },
  ],
} as const satisfies TablesInput

type SalesField = 'Customer' | 'Product' | 'Amount' | 'Region'

export function openSales(face: Face): Promise<Either<SalesField>> {
  return face.openTables(sales)
}

export async function failure(work: () => unknown): Promise<LichenError> {
  try {
    await work()
  } catch (error) {
    if (error instanceof LichenError) return error
    throw error
  }
  throw new Error('This should have failed')
}

export async function states(app: Either, field: string): Promise<Record<string, string>> {
  const values = await app.field(field).values()
  return Object.fromEntries(values.map(({ text, state }) => [text, state]))
}

export async function selected(app: Either, field: string): Promise<readonly string[]> {
  const values = await app.field(field).values()
  return values.filter(({ state }) => state === 'selected').map(({ text }) => text)
}

export function texts(page: readonly (readonly CubeCell[])[]): string[][] {
  return page.map((row) => row.map(({ text }) => text))
}
