import { brushCharts } from '../data/wide.ts'
import { cubes } from './hypercubes.ts'
import { allFields } from './schema.ts'
import { randomSelections, twelveSelections } from './selections.ts'
import type { BrushTask, SearchTask, Task } from './task.ts'

const boxes: readonly string[] = [
  'region',
  'nation',
  'segment',
  'category',
  'brand',
  'color',
  'year',
  'month',
  'status',
  'ship_mode',
]

/** States, hypercubes and dashboard clicks over the star. */
export function starTasks(rows: number, seed: number, clicks: number): readonly Task[] {
  const twelve = twelveSelections(rows)
  const states = (name: string, family: string, frequencies: boolean, at: number): Task => ({
    kind: 'states',
    name,
    family,
    fields: allFields,
    frequencies,
    selections: twelve[at]?.selections ?? [],
  })
  const someOf = [0, 2, 7, 8]
  return [
    states('no selection', 'states, no selection', false, -1),
    ...twelve.map(({ name }, at) => states(name, 'states, selected', false, at)),
    ...[0, 3, 5, 6, 8].map((at) =>
      states(twelve[at]?.name ?? '', 'states with frequencies', true, at),
    ),
    ...cubes.map(
      (cube): Task => ({
        kind: 'cube',
        name: cube.name,
        family: 'hypercubes, no selection',
        cube,
        selections: [],
      }),
    ),
    ...someOf.flatMap((at) =>
      cubes.map(
        (cube): Task => ({
          kind: 'cube',
          name: `${cube.name}, ${twelve[at]?.name}`,
          family: 'hypercubes, selected',
          cube,
          selections: twelve[at]?.selections ?? [],
        }),
      ),
    ),
    ...randomSelections(clicks, seed).map(
      ({ name, selections }): Task => ({
        kind: 'dashboard',
        name,
        family: 'dashboard click',
        fields: boxes,
        cubes,
        selections,
      }),
    ),
  ]
}

/** Brushing over the first chart of the wide table: a window slides, then one edge moves. */
export function brushTasks(): readonly BrushTask[] {
  const [active, ...passive] = brushCharts
  if (active === undefined) return []
  const steps = 200
  const task = (name: string, step: (index: number) => readonly [number, number]): BrushTask => ({
    kind: 'brush',
    name,
    family: `brush, ${name}`,
    field: active.field,
    passive,
    steps: Array.from({ length: steps }, (_, index) => step(index)),
  })
  return [
    task('slide both edges', (index) => [100 + index, 199 + index]),
    task('move one edge', (index) => [100, 150 + index]),
  ]
}

export function searchTasks(): readonly SearchTask[] {
  return ['vex', 'baco', 'lumqui', 'ra den', 'zz', '1a2'].map((text) => ({
    kind: 'search',
    name: `contains "${text}"`,
    family: 'substring search',
    field: 'name',
    text,
  }))
}
