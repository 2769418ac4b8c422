import fc from 'fast-check'
import { type ChartSchema, type FieldKind, pools } from './chart-data.ts'
import type { ElementOf, Elements, Modifier, SetTree } from './chart-tree.ts'
import { numberIn, textIn } from './chart-value.ts'

/* Random sets. */

/** Sets over the fields of a schema. */
export function arbitrarySet(schema: ChartSchema): fc.Arbitrary<SetTree> {
  const fields = schema.flatMap((table) => table.fields)
  const { entity, set } = fc.letrec<{ entity: SetTree; set: SetTree }>((tie) => {
    const elements = (kind: FieldKind): fc.Arbitrary<Elements> => {
      const list = fc
        .array(itemsOf(kind), { maxLength: 2 })
        .map((items): Elements => ({ kind: 'list', items }))
      const implied = fc
        .tuple(
          fc.constantFrom('possible' as const, 'excluded' as const),
          fc.option(tie('entity'), { freq: 3 }),
        )
        .map(([called, given]): Elements => ({ kind: called, set: given }))
      const one = fc.oneof(list, list, list, implied)
      const two = fc
        .tuple(fc.constantFrom('+' as const, '-' as const, '*' as const), one, one)
        .map(([operator, left, right]): Elements => ({ kind: 'operation', operator, left, right }))
      return fc.oneof({ maxDepth: 2, withCrossShrink: true }, one, one, one, two)
    }
    const modifiers = fc.oneof(
      ...fields.map(({ name, kind }) =>
        fc
          .tuple(
            fc.constantFrom<Modifier['operator'][]>('=', '=', '=', '+=', '-=', '*=', '/='),
            fc.option(elements(kind), { freq: 5 }),
          )
          .map(
            ([operator, given]): Modifier =>
              given === null
                ? { field: name, operator: '=', elements: null }
                : { field: name, operator, elements: given },
          ),
      ),
    )
    return {
      entity: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        fc
          .constantFrom('1' as const, '$' as const)
          .map((identifier): SetTree => ({ kind: 'entity', identifier, modifiers: [] })),
        fc
          .tuple(
            fc.constantFrom('' as const, '1' as const, '$' as const),
            fc.uniqueArray(modifiers, {
              minLength: 1,
              maxLength: 2,
              selector: ({ field }) => field,
            }),
          )
          .map(
            ([identifier, given]): SetTree => ({ kind: 'entity', identifier, modifiers: given }),
          ),
      ),
      set: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        { arbitrary: tie('entity'), weight: 4 },
        {
          arbitrary: fc
            .tuple(
              fc.constantFrom('+' as const, '-' as const, '*' as const, '/' as const),
              tie('entity'),
              tie('entity'),
            )
            .map(
              ([operator, left, right]): SetTree => ({ kind: 'operation', operator, left, right }),
            ),
          weight: 1,
        },
      ),
    }
  })
  return fc.oneof(entity, set)
}

function itemsOf(kind: FieldKind): fc.Arbitrary<ElementOf> {
  const texts = pools[kind].map((value) => textIn(value) ?? '').filter((shown) => shown !== '')
  const numbers = pools[kind].map(numberIn).filter((value) => value !== null)
  const literal = fc
    .constantFrom(...texts, 'none')
    .map((shown): ElementOf => ({ kind: 'literal', text: shown }))
  const searches = fc
    .constantFrom('a*', '*b*', '?', '>=2', '<3', '>0<=2', '*', 'AB')
    .map((shown): ElementOf => ({ kind: 'search', text: shown }))
  const bare = fc
    .constantFrom('a', 'AB', 'yes', 'p', 'none')
    .map((shown): ElementOf => ({ kind: 'bare', text: shown }))
  const numerical =
    numbers.length === 0
      ? bare
      : fc
          .constantFrom(...numbers)
          .map((value): ElementOf => ({ kind: 'number', text: String(value) }))
  return fc.oneof(literal, searches, bare, numerical)
}
