// One table in each format, to a model of ours and to what the package one would call otherwise gives: `npm run bench -- kernels formats`.
// Every load is a process of its own, `node formats.bench.mjs <format> <contender> <place>`; figures are compared before times are told.
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { difference, expectedFigures, type Figures } from '../formats/figures.ts'
import { type Format, formats, type Place } from '../formats/formats.ts'
import { type Measurement, measured } from '../formats/measurement.ts'
import { generateOrders, type Order } from '../formats/orders.ts'
import { packagesIn } from '../formats/peer-packages.ts'
import { type ContenderResult, loadReport } from '../formats/report.ts'
import { installPeers } from '../runner/install.ts'
import { publish } from './publish.ts'

const rows = Number(process.env.LICHEN_BENCH_ROWS ?? 200_000)
const seed = Number(process.env.LICHEN_SEED ?? 20261124)
/** Parts of names, with commas between. */
const wanted = process.env.LICHEN_BENCH_FORMATS?.toLowerCase().split(',')
const rounds = 5
const patience = 120_000
const script = fileURLToPath(import.meta.url)
const peers = join(dirname(dirname(script)), 'peers')
const packages = packagesIn(peers)
/** Packages print to standard output as they like; only what follows the mark is the answer. */
const mark = '\u0001'

/** A format with its orders where they can be loaded from. */
interface Prepared extends Place {
  readonly format: Format
  readonly rows: number
  /** Of the file; NaN where there is none. */
  readonly bytes: number
  readonly expected: Figures
}

async function prepare(
  format: Format,
  orders: readonly Order[],
  folder: string,
): Promise<Prepared | string> {
  const part = orders.slice(0, Math.ceil(orders.length * format.share))
  try {
    const place = await format.prepare(part, folder, packages)
    const bytes = statSync(place.place, { throwIfNoEntry: false })?.size ?? Number.NaN
    return { ...place, format, rows: part.length, bytes, expected: expectedFigures(part) }
  } catch (error) {
    return reasonOf(error)
  }
}

/** @throws Error in the words of the process */
async function loadApart({ format, place }: Prepared, contender: string): Promise<Measurement> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--expose-gc', script, format.name, contender, place],
    { timeout: patience, maxBuffer: 1 << 26 },
  )
  return JSON.parse(stdout.slice(stdout.lastIndexOf(mark) + 1))
}

function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  const lines = text.split('\n')
  return (lines.find((line) => /^\w*Error\b/.test(line)) ?? lines[0] ?? '').slice(0, 200)
}

/** All take turns, so that a slow minute hits all. A contender that fails is asked no more. */
async function measure(prepared: readonly Prepared[]): Promise<readonly ContenderResult[]> {
  const results = prepared.flatMap((each) =>
    each.format.contenders.map(({ name, ending }) => ({
      each,
      name,
      ending,
      measurements: [] as Measurement[],
      reason: undefined as string | undefined,
    })),
  )
  for (let round = 0; round < rounds; round++)
    for (const result of results) {
      if (result.reason !== undefined) continue
      const { each, name } = result
      try {
        result.measurements.push(await loadApart(each, name))
      } catch (error) {
        result.reason = reasonOf(error)
        continue
      }
      const found = result.measurements.at(-1)?.figures
      const wrong = found === undefined ? undefined : difference(each.expected, found)
      if (wrong !== undefined) throw new Error(`${each.format.name}, ${name}: ${wrong}`)
    }
  return results.map(({ each, ...result }) => ({
    format: each.format.name,
    rows: each.rows,
    bytes: each.bytes,
    ...result,
  }))
}

async function compare(): Promise<void> {
  const missing = installPeers(peers, (line) => process.stdout.write(`${line}\n`))
  if (missing !== undefined) process.stdout.write(`${missing}\n`)
  const folder = mkdtempSync(join(tmpdir(), 'lichen-formats-'))
  const prepared: Prepared[] = []
  const absent: string[] = []
  try {
    const orders = generateOrders(rows, seed)
    for (const format of formats) {
      const { name } = format
      if (wanted?.some((part) => name.toLowerCase().includes(part)) === false) continue
      const done = await prepare(format, orders, folder)
      if (typeof done === 'string') absent.push(`${name}: ${done}`)
      else prepared.push(done)
    }
    const lines = loadReport(await measure(prepared), absent, { rounds, seed })
    publish('Loads by format', lines, wanted === undefined)
  } finally {
    for (const { stop } of prepared) await stop?.()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function loadHere(name: string, peer: string, place: string): Promise<void> {
  const contender = formats
    .find((format) => format.name === name)
    ?.contenders.find((each) => each.name === peer)
  if (contender === undefined) throw new Error(`nobody called ${peer} loads ${name}`)
  const answer = JSON.stringify(await measured(contender, place, packages))
  process.stdout.write(`\n${mark}${answer}`, () => process.exit(0))
}

const [name, contender, place] = process.argv.slice(2)
if (name === undefined || contender === undefined || place === undefined) await compare()
else await loadHere(name, contender, place)
