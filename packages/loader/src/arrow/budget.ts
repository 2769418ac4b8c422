import { LoadError } from '@lichen/engine'

/** What a batch may still become: bytes that are unpacked, or referred to more than once. */
export interface Budget {
  left: number
  readonly source: string
}

const freeBytes = 64 << 20
/** Real columns pack up to some 100 to 1; past the free bytes a higher ratio is taken for an attack. */
export const maxRatio = 250
/** Most rows of a batch. */
export const maxBatchRows: number = 1 << 26
const maxBareRows = 1 << 24

export function budgetFor(bytes: number, source: string): Budget {
  return { left: freeBytes + bytes * maxRatio, source }
}

/** @throws LoadError `budget-exceeded` */
export function spend(budget: Budget, bytes: number): void {
  budget.left -= bytes
  if (budget.left < 0)
    throw new LoadError(
      'budget-exceeded',
      `${budget.source}: a batch becomes more than ${maxRatio} times as large as its bytes; write smaller batches`,
    )
}

/** Counts the rows of a file that have not even a bit each, as those of columns without values. */
export class BareRows {
  readonly #source: string
  #rows = 0

  constructor(source: string) {
    this.#source = source
  }

  /** @throws LoadError `budget-exceeded` */
  count(rows: number, bytes: number, packed: boolean): void {
    if (rows > bytes * 8 * (packed ? maxRatio : 1)) this.#rows += rows
    if (rows > maxBatchRows || this.#rows > maxBareRows)
      throw new LoadError(
        'budget-exceeded',
        `${this.#source} has a batch of more than ${maxBatchRows} rows, or more than ${maxBareRows} rows without values; write smaller batches`,
      )
  }
}
