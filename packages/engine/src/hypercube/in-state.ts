import { LichenError } from '../base/errors.ts'
import { derivedEnvironment } from '../expression/derived-environment.ts'
import type { Environment } from '../expression/environment.ts'

/** The environment of an object that lives in an alternate state. @throws LichenError `not-found` */
export function inState(env: Environment, state: string): Environment {
  if (env.selectionsOf(state) === undefined)
    throw new LichenError(
      'not-found',
      `There is no alternate state ${state}. Create it, or leave the state out`,
      {
        details: { state },
      },
    )
  return derivedEnvironment(env, { state })
}
