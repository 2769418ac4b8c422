import {
  type CancellationToken,
  type FormatSettings,
  LichenError,
  LoadError,
  type OpenSource,
  type SourceBatch,
  throwIfCancelled,
} from '@lichen/engine'
import { type CellColumn, ColumnCells } from './column-cells.ts'

/** Most rows fetched at once. */
export const pageRows = 65_536

/** Consecutive rows of a result; NULL is `null` or `undefined`. Read before the next page is asked for. */
export interface ResultPage {
  readonly rows: number
  column(index: number): readonly unknown[]
}

/** The result of a statement, page by page. */
export interface ResultPages {
  readonly columns: readonly CellColumn[]
  /** Undefined after the last page. */
  next(cancellation: CancellationToken): Promise<ResultPage | undefined>
  /** Gives up what was not read; may be called at any time and more than once. */
  close(): Promise<void>
}

/** What a statement without a result gives. */
export const noResult: ResultPages = {
  columns: [],
  next: async () => undefined,
  close: async () => {},
}

/** A page whose rows are arrays. */
export function pageOfRows(rows: readonly (readonly unknown[])[]): ResultPage {
  return { rows: rows.length, column: (index) => rows.map((row) => row[index]) }
}

/** A result as a source, which can be read once. */
export function openResult(pages: ResultPages, settings: FormatSettings): OpenSource {
  const { columns } = pages
  let taken = false
  return {
    fields: columns.map(({ name }) => name),
    batches(fields, cancellation) {
      if (taken) throw new LoadError('internal', 'The result of a statement was read twice')
      taken = true
      return batchesOf(pages, fields, settings, cancellation)
    },
  }
}

async function* batchesOf(
  pages: ResultPages,
  fields: readonly number[],
  settings: FormatSettings,
  cancellation: CancellationToken,
): AsyncGenerator<SourceBatch> {
  const wanted = fields.map((index) => {
    const column = pages.columns[index]
    if (column === undefined) throw new LoadError('field-not-found', `There is no field ${index}`)
    return { index, cells: new ColumnCells(column, settings) }
  })
  try {
    for (;;) {
      throwIfCancelled(cancellation)
      const page = await pages.next(cancellation)
      if (page === undefined) return
      yield {
        rows: page.rows,
        columns: wanted.map(({ index, cells }) => cells.encode(page.column(index))),
      }
    }
  } finally {
    await pages.close()
  }
}

const tick = 50

/** Waits for a step of an exchange; when the work is cancelled, calls `stop` and waits no longer. @throws LichenError `cancelled` */
export async function unlessCancelled<Result>(
  step: Promise<Result>,
  cancellation: CancellationToken,
  stop: () => void,
): Promise<Result> {
  let timer: ReturnType<typeof setInterval> | undefined
  const cancelled = new Promise<never>((_, reject) => {
    timer = setInterval(() => {
      if (!cancellation.cancelled) return
      clearInterval(timer)
      reject(new LichenError('cancelled', 'The work was cancelled'))
      stop()
    }, tick)
  })
  // What becomes of a step nobody waits for is of no interest.
  step.catch(() => undefined)
  try {
    return await Promise.race([step, cancelled])
  } finally {
    clearInterval(timer)
  }
}
