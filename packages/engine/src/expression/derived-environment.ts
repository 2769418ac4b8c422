import type { Environment } from './environment.ts'

/** An environment that differs in some parts; methods of the original keep their receiver. */
export function derivedEnvironment(env: Environment, changes: Partial<Environment>): Environment {
  return {
    view: env.view,
    state: env.state,
    selectionsOf: (state) => env.selectionsOf(state),
    historic: (steps) => env.historic(steps),
    bookmark: (name) => env.bookmark(name),
    infer: (selections) => env.infer(selections),
    variable: (name) => env.variable(name),
    ports: env.ports,
    clock: env.clock,
    cancellation: env.cancellation,
    limits: env.limits,
    ...changes,
  }
}
