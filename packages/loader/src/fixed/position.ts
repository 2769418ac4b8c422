import { unsupported } from '../load-errors.ts'

/** How the bytes of a field are read: text, integers of Intel byte order with a sign and without, IEEE reals, packed decimals (COMP-3), text that stays text. */
export type Reading = 'text' | 'I' | 'U' | 'R' | 'B' | 'T'

/** The bytes [start, end) of a record; `end` may be infinite, which is the end of the record. */
export interface Position {
  readonly start: number
  readonly end: number
  readonly reading: Reading
}

const sizes: Readonly<Partial<Record<Reading, readonly number[]>>> = {
  I: [1, 2, 4],
  U: [1, 2, 4],
  R: [4, 8],
}

/**
 * What `@1:10`, `@11:n` or `@5:8I` stands for; undefined when the name is no position.
 * Source: https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/Scripting/ScriptRegularStatements/Load.htm
 * @throws LoadError `source-unsupported` when nothing can stand there
 */
export function positionOf(name: string, where: string): Position | undefined {
  const [, from, to, suffix] = /^@(\d{1,9}):(\d{1,9}|n)([IURBT]?)$/.exec(name) ?? []
  if (from === undefined || to === undefined) return undefined
  const start = Number(from) - 1
  const end = to === 'n' ? Number.POSITIVE_INFINITY : Number(to)
  const reading = readingOf(suffix)
  if (start < 0 || end <= start)
    throw unsupported(where, `${name}: positions count from 1, and the first is not above the last`)
  const allowed = sizes[reading]
  if (allowed !== undefined && !allowed.includes(end - start))
    throw unsupported(where, `${name}: ${reading} reads ${allowed.join(' or ')} bytes`)
  return { start, end, reading }
}

function readingOf(suffix: string | undefined): Reading {
  switch (suffix) {
    case 'I':
    case 'U':
    case 'R':
    case 'B':
    case 'T':
      return suffix
    default:
      return 'text'
  }
}
