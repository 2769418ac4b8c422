import type { Contender } from './contender.ts'

/** The contenders by name, in the order of the report. Each is imported in its own process only. */
const makers: Readonly<Record<string, () => Promise<Contender>>> = {
  lichen: async () => {
    const [{ Lichen }, { folderReader }, { startThreads }] = await Promise.all([
      import('./lichen.ts'),
      import('@lichen/loader/node'),
      import('@lichen/engine/threads'),
    ])
    startThreads({ count: Number(process.env.LICHEN_BENCH_THREADS ?? 2) - 1 })
    return new Lichen((root) => folderReader({ root }))
  },
  'duckdb-2': async () => (await import('./duckdb.ts')).openDuckDb(2),
  'duckdb-1': async () => (await import('./duckdb.ts')).openDuckDb(1),
  polars: async () => (await import('./polars.ts')).openPolars(),
  'duckdb-wasm': async () => (await import('./duckdb-wasm.ts')).openDuckDbWasm(),
  chdb: async () => (await import('./chdb.ts')).openChdb(),
  arquero: async () => (await import('./arquero.ts')).openArquero(),
  crossfilter: async () => (await import('./crossfilter.ts')).openCrossfilter(),
}

export const contenderNames: readonly string[] = Object.keys(makers)

/** @throws Error for an unknown name, or when the peer cannot be imported */
export async function openContender(name: string): Promise<Contender> {
  const make = makers[name]
  if (make === undefined)
    throw new Error(`no contender "${name}"; there are ${contenderNames.join(', ')}`)
  return make()
}
