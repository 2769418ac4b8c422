import { derivedEnvironment } from '../expression/derived-environment.ts'
import type { Environment } from '../expression/environment.ts'
import { labelOf } from './column-info.ts'
import type { CubeDefinition } from './definition.ts'

/**
 * The environment in which expressions know the dimensions and measures around them.
 * Source: https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/Scripting/SystemFunctions/GetObjectField.htm
 */
export function ofObject(env: Environment, { dimensions, measures }: CubeDefinition): Environment {
  const nameOf = (column: CubeDefinition['measures'][number] | undefined): string | undefined =>
    column && (column.label ?? labelOf(column.definition))
  return derivedEnvironment(env, {
    ports: {
      ...env.ports,
      objectField: (index) => dimensions[index] && labelOf(dimensions[index].definition),
      objectDimension: (index) => nameOf(dimensions[index]),
      objectMeasure: (index) => nameOf(measures[index]),
    },
  })
}
