import type { JsonObject } from '../app/document.ts'
import { numberAt } from './json.ts'

/** A rectangle of cells that exists. */
export interface Page {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

/** Cells of one answer, all pages together; more are left out at the bottom. */
const maxCells = 200_000
const maxPages = 1000

/** NxPage rectangles clipped to `columns` × `rows`. */
export function pagesOf(asked: readonly JsonObject[], columns: number, rows: number): Page[] {
  let left = maxCells
  return asked.slice(0, maxPages).map((page) => {
    const clipped = clip(page, columns, rows, left)
    left -= clipped.width * clipped.height
    return clipped
  })
}

function clip(page: JsonObject, columns: number, rows: number, cells: number): Page {
  const whole = (key: string): number => Math.max(0, Math.floor(numberAt(page, key) ?? 0))
  const from = { left: whole('qLeft'), top: whole('qTop') }
  const width = Math.min(whole('qWidth'), Math.max(0, columns - from.left))
  const height = Math.min(
    whole('qHeight'),
    Math.max(0, rows - from.top),
    width === 0 ? 0 : Math.floor(cells / width),
  )
  return width === 0 || height <= 0
    ? { left: 0, top: 0, width: 0, height: 0 }
    : { ...from, width, height }
}
