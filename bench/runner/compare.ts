import type { Answer, AnswerRow } from '../workloads/task.ts'

/** Relative; sums of amounts differ by the order of addition. */
const tolerance = 1e-9

/** The first difference between two answers in words, or null when they say the same. Rows may come in any order. */
export function difference(ours: Answer, theirs: Answer): string | null {
  const parts = new Set([...Object.keys(ours), ...Object.keys(theirs)])
  for (const part of parts) {
    const found = rowsDifference(ours[part], theirs[part])
    if (found !== null) return `${part}: ${found}`
  }
  return null
}

function rowsDifference(
  ours: readonly AnswerRow[] | undefined,
  theirs: readonly AnswerRow[] | undefined,
): string | null {
  if (ours === undefined || theirs === undefined)
    return `only ${ours === undefined ? 'they answer' : 'we answer'}`
  const a = sorted(ours)
  const b = sorted(theirs)
  for (let row = 0; row < Math.max(a.length, b.length); row++) {
    const our = a[row]
    const their = b[row]
    if (our === undefined || their === undefined || !sameRow(our, their))
      return `${a.length} rows to ${b.length}; ${shown(our)} to ${shown(their)}`
  }
  return null
}

function shown(row: AnswerRow | undefined): string {
  return row === undefined ? 'nothing' : JSON.stringify(row)
}

function sameRow(a: AnswerRow, b: AnswerRow): boolean {
  return a.length === b.length && a.every((cell, column) => sameCell(cell, b[column]))
}

function sameCell(a: AnswerRow[number], b: AnswerRow[number] | undefined): boolean {
  if (typeof a !== 'number' || typeof b !== 'number') return a === b
  return a === b || Math.abs(a - b) <= tolerance * Math.max(Math.abs(a), Math.abs(b))
}

/** By all cells, first to last: dimensions and values stand first and differ from row to row. */
function sorted(rows: readonly AnswerRow[]): readonly AnswerRow[] {
  return [...rows].sort((a, b) => {
    for (let column = 0; column < a.length; column++) {
      const order = compareCells(a[column], b[column])
      if (order !== 0) return order
    }
    return a.length - b.length
  })
}

function compareCells(a: AnswerRow[number] | undefined, b: AnswerRow[number] | undefined): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  const left = String(a)
  const right = String(b)
  return left < right ? -1 : left > right ? 1 : 0
}
