import { Binder } from '../expression/bind.ts'
import type { Environment } from '../expression/environment.ts'
import { stateSelections } from '../expression/set.ts'
import { type BoundDimension, bindDimension } from './cube-dimension.ts'
import type { CubeDimension, DimensionGroup } from './definition.ts'

/**
 * Binds what a dimension shows: of a cyclic group the active definition; of a drill-down group the first one with more than one possible value, so
 * that selecting a value leads to the next one inside it, or the last.
 * Source: https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/Assets/create-drill-down-dimensions.htm
 */
export function bindShown(given: CubeDimension, binder: Binder, env: Environment): BoundDimension {
  const { group } = given
  if (group === undefined || group.definitions.length === 0)
    return bindDimension(given, binder, env)
  const position = shownPosition(given, group, env)
  return {
    ...bindDimension(memberOf(given, group, position), binder, env),
    groupPosition: position,
  }
}

function shownPosition(given: CubeDimension, group: DimensionGroup, env: Environment): number {
  const last = group.definitions.length - 1
  if (group.kind === 'cyclic') return Math.min(Math.max(0, Math.floor(group.active ?? 0)), last)
  const found = group.definitions.findIndex((_, position) =>
    hasChoice(bindDimension(memberOf(given, group, position), new Binder(env), env), env),
  )
  return found === -1 ? last : found
}

function memberOf(given: CubeDimension, group: DimensionGroup, position: number): CubeDimension {
  // An empty label is none.
  const label = group.labels?.[position] || given.label
  const definition = group.definitions[position] ?? given.definition
  return { ...given, definition, ...(label === undefined ? {} : { label }) }
}

/** Whether a dimension may have several values; one in error has none. */
function hasChoice({ field, dimension }: BoundDimension, env: Environment): boolean {
  return field === undefined
    ? dimension !== undefined
    : env.infer(stateSelections(env)).possible(field).count() > 1
}
