import { LichenError } from '@lichen/engine'

/** How many results of one source can be paged. */
const newest = 4

/** A result of the app numbered so; its source is a chart that was read or a subscription. */
export interface KeptResult<Result> {
  readonly app: number
  readonly source: number
  readonly result: Result
}

/** The results that can be paged, by number: the newest four of each chart and subscription. */
export class KeptResults<Result> {
  readonly #results = new Map<number, KeptResult<Result>>()

  keep(id: number, kept: KeptResult<Result>): void {
    this.#results.set(id, kept)
    const ofSource = [...this.#results].filter(([, { source }]) => source === kept.source)
    for (const [old] of ofSource.slice(0, -newest)) this.#results.delete(old)
  }

  /** @throws LichenError `cancelled` */
  get(id: number): Result {
    const kept = this.#results.get(id)
    if (kept === undefined)
      throw new LichenError(
        'cancelled',
        'Newer results of this table have superseded this one; read the table again',
      )
    return kept.result
  }

  release(id: number): void {
    this.#results.delete(id)
  }

  releaseApp(id: number): void {
    for (const [result, { app }] of this.#results) if (app === id) this.#results.delete(result)
  }
}
