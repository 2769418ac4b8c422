import type { Environment } from '../expression/environment.ts'
import { computeCube } from '../hypercube/straight.ts'
import type { ModelField } from '../model/model.ts'
import { Bitset } from '../storage/bitset.ts'

/** An expression search: the values for which it gives a number other than 0. The environment has this field's own selection lifted. */
export function matchingValues(
  field: ModelField,
  expression: string,
  environment: Environment,
): Bitset {
  const symbols = new Bitset(field.symbols.count)
  const cube = computeCube(
    { dimensions: [{ definition: field.name }], measures: [{ definition: `=${expression}` }] },
    environment,
  )
  for (const [value, result] of cube.page(0, 0, 2, cube.rows)) {
    if (
      value !== undefined &&
      result !== undefined &&
      value.element >= 0 &&
      result.number !== 0 &&
      !Number.isNaN(result.number)
    )
      symbols.add(value.element)
  }
  return symbols
}
