import { parseArgs } from 'node:util'

export interface Options {
  readonly rows: number
  readonly rounds: number
  /** Rounds of the dashboard clicks. */
  readonly clickRounds: number
  readonly seed: number
  readonly peers: readonly string[] | undefined
  /** Parts of family names; empty = all. */
  readonly only: readonly string[]
  /** Where the table goes; undefined = nowhere. */
  readonly out: string | undefined
  /** A file for all medians, as JSON. */
  readonly json: string | undefined
  readonly quick: boolean
  /** The other shapes of data in place of the star. */
  readonly shapes: boolean
  /** Charts of the expression language in place of all else. */
  readonly expressions: boolean
}

/** @throws Error for an option that is unknown or is no number */
export function readOptions(args: readonly string[], defaultOut: string): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      shapes: { type: 'boolean', default: false },
      expressions: { type: 'boolean', default: false },
      rows: { type: 'string' },
      rounds: { type: 'string' },
      seed: { type: 'string', default: '20261124' },
      peers: { type: 'string' },
      only: { type: 'string' },
      out: { type: 'string' },
      json: { type: 'string' },
    },
  })
  const number = (text: string | undefined, otherwise: number): number => {
    if (text === undefined) return otherwise
    const value = Number(text)
    if (!Number.isSafeInteger(value) || value < 1)
      throw new Error(`"${text}" is not a number of rows, rounds or a seed`)
    return value
  }
  const rounds = number(values.rounds, values.quick ? 5 : 15)
  const partial = values.quick || values.only !== undefined || values.peers !== undefined
  return {
    rows: number(values.rows, values.quick ? 100_000 : 1_000_000),
    rounds,
    clickRounds: values.quick ? 1 : Math.max(3, Math.ceil(rounds / 3)),
    seed: number(values.seed, 20261124),
    peers: values.peers?.split(','),
    only: values.only?.split(',') ?? [],
    out: values.out ?? (partial ? undefined : defaultOut),
    json: values.json,
    quick: values.quick,
    shapes: values.shapes,
    expressions: values.expressions,
  }
}
