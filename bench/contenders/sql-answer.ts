import { largeFields } from '../workloads/schema.ts'
import type {
  Answer,
  AnswerRow,
  CubeQuery,
  DashboardTask,
  FieldSelection,
  StatesTask,
} from '../workloads/task.ts'
import { typedValue } from './sql.ts'

/** A row of a state or dashboard statement: tag, two texts, measures. */
export type UnionRow = readonly unknown[]

export function statesAnswer(task: StatesTask | DashboardTask, rows: readonly UnionRow[]): Answer {
  const frequencies = task.kind === 'states' && task.frequencies
  const byTag = grouped(rows)
  const parts = task.fields.map((field, at) => {
    const reachable = byTag.get(at * 2) ?? []
    if (largeFields.has(field))
      return [field, reachable.map((row): AnswerRow => [Number(row[3]), Number(row[4])])] as const
    const counts = new Map(
      (byTag.get(at * 2 + 1) ?? []).map((row) => [typedValue(field, row[1]), Number(row[3])]),
    )
    const values = reachable.map((row) => typedValue(field, row[1]))
    return [
      field,
      stateRows(field, values, task.selections, frequencies ? counts : undefined),
    ] as const
  })
  return Object.fromEntries(parts)
}

/** The states that follow from the values reachable without the field's own selection. */
export function stateRows(
  field: string,
  reachable: readonly (string | number)[],
  selections: readonly FieldSelection[],
  counts?: ReadonlyMap<string | number, number>,
): AnswerRow[] {
  const chosen = selections.find((selection) => selection.field === field)?.values
  const withCount = (value: string | number, state: string): AnswerRow =>
    counts === undefined ? [value, state] : [value, state, counts.get(value) ?? 0]
  const rows = reachable.map((value) => {
    if (chosen === undefined) return withCount(value, 'optional')
    return withCount(value, chosen.includes(value) ? 'selected' : 'alternative')
  })
  const seen = new Set(reachable)
  for (const value of chosen ?? [])
    if (!seen.has(value)) rows.push(withCount(value, 'selected-excluded'))
  return rows
}

/** A chart's rows out of a union. */
export function unionCubeAnswers(task: DashboardTask, rows: readonly UnionRow[]): Answer {
  const byTag = grouped(rows)
  return Object.fromEntries(
    task.cubes.map((cube, at) => [
      cube.name,
      (byTag.get(task.fields.length * 2 + at) ?? []).map((row): AnswerRow => {
        const dimensions = cube.dimensions.map((field, place) => valueOrNull(field, row[1 + place]))
        return [...dimensions, ...cube.measures.map((_, place) => numberOrNull(row[3 + place]))]
      }),
    ]),
  )
}

/** A chart's rows: dimensions, then measures. */
export function cubeAnswer(cube: CubeQuery, rows: readonly (readonly unknown[])[]): AnswerRow[] {
  const { dimensions } = cube
  return rows.map((row) =>
    row.map((cell, column) => {
      const field = dimensions[column]
      return field === undefined ? numberOrNull(cell) : valueOrNull(field, cell)
    }),
  )
}

/** Rows of an expression task, whose columns say themselves what they are. */
export function plainAnswer(rows: readonly (readonly unknown[])[]): AnswerRow[] {
  return rows.map((row) =>
    row.map((cell) => (typeof cell === 'string' ? cell : numberOrNull(cell))),
  )
}

function valueOrNull(field: string, cell: unknown): string | number | null {
  return cell === null || cell === undefined ? null : typedValue(field, cell)
}

function numberOrNull(cell: unknown): number | null {
  return cell === null || cell === undefined ? null : Number(cell)
}

function grouped(rows: readonly UnionRow[]): Map<number, UnionRow[]> {
  const byTag = new Map<number, UnionRow[]>()
  for (const row of rows) {
    const tag = Number(row[0])
    const group = byTag.get(tag)
    if (group === undefined) byTag.set(tag, [row])
    else group.push(row)
  }
  return byTag
}
