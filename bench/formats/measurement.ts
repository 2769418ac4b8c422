import { readFileSync } from 'node:fs'
import { type Timing, timed } from '../runner/clock.ts'
import { summarize } from '../runner/statistics.ts'
import type { Contender, Load } from './contender.ts'
import type { Figures } from './figures.ts'
import type { Packages } from './peer-packages.ts'

/** What one process tells: two loads, one after the other. */
export interface Measurement {
  readonly first: Timing
  readonly second: Timing
  /** Resident bytes of the process at most, when the first load was done. */
  readonly peak: number
  readonly figures: Figures
}

/** Loads twice, since a process that has loaded once is what a server is and one that has not is what a command is. */
export async function measured(
  contender: Contender,
  place: string,
  packages: Packages,
): Promise<Measurement> {
  const load = await contender.open(packages)
  const [first, figures, peak] = await firstLoad(load, place)
  if (typeof gc === 'function') gc()
  const [, second] = await timed(() => load(place))
  return { first, second, peak, figures }
}

/** Nothing of it is left when it returns. */
async function firstLoad(load: Load, place: string): Promise<readonly [Timing, Figures, number]> {
  const [loaded, timing] = await timed(() => load(place))
  const peak = peakResident()
  const figures = await loaded.figures()
  await loaded.close?.()
  return [timing, figures, peak]
}

/** Of this program alone where the system tells; what getrusage says of a process begins with the size of the one that started it. */
function peakResident(): number {
  try {
    const kilobytes = /^VmHWM:\s*(\d+)/m.exec(readFileSync('/proc/self/status', 'latin1'))?.[1]
    if (kilobytes !== undefined) return Number(kilobytes) * 1024
  } catch {
    // There is no /proc.
  }
  return process.resourceUsage().maxRSS * 1024
}

/** Medians over the rounds, in ms and bytes, and what follows from them. */
export interface LoadSummary {
  readonly first: number
  readonly wall: number
  readonly cpu: number
  readonly peak: number
  readonly bytesPerSecond: number
  readonly rowsPerSecond: number
}

/** @param bytes of the file; NaN where there is none */
export function summarized(
  measurements: readonly Pick<Measurement, 'first' | 'second' | 'peak'>[],
  rows: number,
  bytes: number,
): LoadSummary {
  const median = (of: (measurement: (typeof measurements)[number]) => number): number =>
    summarize(measurements.map(of)).median
  const wall = median(({ second }) => second.wall)
  return {
    first: median(({ first }) => first.wall),
    wall,
    cpu: median(({ second }) => second.cpu),
    peak: median(({ peak }) => peak),
    bytesPerSecond: (bytes / wall) * 1000,
    rowsPerSecond: (rows / wall) * 1000,
  }
}
