import type { ArrowArray } from './array.ts'
import { type Budget, spend } from './budget.ts'
import { isNull } from './numbers.ts'

/** The JSON text of the value in a row. */
export type JsonRender = (row: number) => string

/**
 * JSON of nested values: lists are arrays, structs objects, and the keys and values of a map a list of both.
 * @throws LoadError `budget-exceeded`, before more text is made than the budget has
 */
export function jsonRender(
  array: ArrowArray,
  budget: Budget,
  leaf: (array: ArrowArray) => JsonRender,
): JsonRender {
  const { stored, offsets, field } = array
  if (field.dictionary !== undefined) return spending(leaf(array), budget)
  switch (stored.kind) {
    case 'struct': {
      const parts = array.children.map((child) => {
        const render = jsonRender(child, budget, leaf)
        const key = JSON.stringify(child.field.name)
        return (row: number): string => {
          spend(budget, key.length + 2)
          return `${key}:${render(row)}`
        }
      })
      return orNull(array, (row) => `{${parts.map((part) => part(row)).join(',')}}`)
    }
    case 'list':
      return orNull(
        array,
        listOf(array, budget, leaf, (row) => [offsets[row]!, offsets[row + 1]!]),
      )
    case 'fixedList': {
      const { size } = stored
      return orNull(
        array,
        listOf(array, budget, leaf, (row) => [row * size, (row + 1) * size]),
      )
    }
    default:
      return spending(leaf(array), budget)
  }
}

function listOf(
  { children: [child] }: ArrowArray,
  budget: Budget,
  leaf: (array: ArrowArray) => JsonRender,
  range: (row: number) => readonly [number, number],
): JsonRender {
  if (child === undefined) return () => '[]'
  const render = jsonRender(child, budget, leaf)
  return (row) => {
    const [start, end] = range(row)
    let text = ''
    for (let i = start; i < end; i++) {
      spend(budget, 1)
      text += i === start ? render(i) : `,${render(i)}`
    }
    return `[${text}]`
  }
}

function orNull(array: ArrowArray, render: JsonRender): JsonRender {
  return (row) => (isNull(array, row) ? 'null' : render(row))
}

function spending(render: JsonRender, budget: Budget): JsonRender {
  return (row) => {
    const text = render(row)
    spend(budget, text.length)
    return text
  }
}
