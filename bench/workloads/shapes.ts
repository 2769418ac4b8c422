import type { Shape } from '../data/shapes.ts'
import { tagGroupName, tagName } from '../data/shapes.ts'
import { fieldsOf, models } from './model.ts'
import { type NamedSelections, randomSelections, twelveSelections } from './selections.ts'
import type { CubeQuery, Task } from './task.ts'

export const shapes: readonly Shape[] = ['clustered', 'nulls', 'bridge', 'texts']

interface ShapeWork {
  readonly selections: readonly NamedSelections[]
  readonly cubes: readonly CubeQuery[]
  /** Added to the list boxes of the clicks. */
  readonly boxes: readonly string[]
  /** Texts searched in the notes. */
  readonly searched: readonly string[]
}

const boxes = [
  'region',
  'nation',
  'segment',
  'category',
  'brand',
  'color',
  'year',
  'month',
  'status',
]

const byRegionAndYear: CubeQuery = {
  name: 'region x year',
  dimensions: ['region', 'year'],
  measures: [{ of: 'sum', field: 'price' }],
}

/** Of the star's twelve clicks: a region, a year, two fields, three fields. */
const ofTheStar = (rows: number): readonly NamedSelections[] =>
  twelveSelections(rows).filter((_, at) => [0, 3, 6, 7].includes(at))

function workOf(shape: Shape, rows: number): ShapeWork {
  const common = { selections: ofTheStar(rows), boxes: [], searched: [] }
  switch (shape) {
    case 'clustered':
      return {
        ...common,
        cubes: [
          byRegionAndYear,
          {
            name: 'customers by month',
            dimensions: ['month'],
            measures: [{ of: 'distinct', field: 'cust_key' }],
          },
        ],
      }
    case 'nulls':
      return {
        ...common,
        cubes: [
          byRegionAndYear,
          {
            name: 'brand x segment',
            dimensions: ['brand', 'segment'],
            measures: [
              { of: 'average', field: 'price' },
              { of: 'count', field: 'quantity' },
            ],
          },
        ],
      }
    case 'bridge':
      return {
        ...common,
        selections: [
          ...common.selections.slice(0, 3),
          { name: 'two tags', selections: [{ field: 'tag', values: [tagName(3), tagName(11)] }] },
          {
            name: 'region, tag group',
            selections: [
              { field: 'region', values: ['Asia', 'Europe'] },
              { field: 'tag_group', values: [tagGroupName(2)] },
            ],
          },
        ],
        boxes: ['tag', 'tag_group'],
        cubes: [
          {
            name: 'tag x year',
            dimensions: ['tag', 'year'],
            measures: [{ of: 'sum', field: 'price' }],
          },
          {
            name: 'tag groups',
            dimensions: ['tag_group'],
            measures: [{ of: 'distinct', field: 'order_key' }],
          },
        ],
      }
    case 'texts':
      return {
        ...common,
        searched: ['vex', 'ra den', '1a2'],
        cubes: [
          byRegionAndYear,
          {
            name: 'notes by segment',
            dimensions: ['segment'],
            measures: [{ of: 'distinct', field: 'note' }],
          },
        ],
      }
  }
}

/** States, two hypercubes and dashboard clicks over a shape of the star, and searches where there are texts to search. */
export function shapeTasks(
  shape: Shape,
  rows: number,
  seed: number,
  clicks: number,
): readonly Task[] {
  const work = workOf(shape, rows)
  const all: readonly NamedSelections[] = [
    { name: 'no selection', selections: [] },
    ...work.selections,
  ]
  return [
    ...all.map(
      ({ name, selections }): Task => ({
        kind: 'states',
        name,
        family: `${shape}, states`,
        fields: fieldsOf(models[shape]),
        frequencies: false,
        selections,
      }),
    ),
    ...[all[0], all.at(-1)].flatMap((under) =>
      work.cubes.map(
        (cube): Task => ({
          kind: 'cube',
          name: `${cube.name}, ${under?.name}`,
          family: `${shape}, hypercubes`,
          cube,
          selections: under?.selections ?? [],
        }),
      ),
    ),
    ...randomSelections(clicks, seed).map(
      ({ name, selections }): Task => ({
        kind: 'dashboard',
        name,
        family: `${shape}, dashboard click`,
        fields: [...boxes, ...work.boxes],
        cubes: work.cubes,
        selections,
      }),
    ),
    ...work.searched.map(
      (text): Task => ({
        kind: 'search',
        name: `notes with "${text}"`,
        family: `${shape}, substring search`,
        field: 'note',
        text,
      }),
    ),
  ]
}
