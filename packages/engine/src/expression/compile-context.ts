import type { CompileContext } from './block.ts'
import type { Environment } from './environment.ts'

/** What compiled expressions take from their environment. */
export function compileContext(env: Environment): CompileContext {
  return {
    view: env.view,
    functions: { settings: env.view.settings, clock: env.clock, ports: env.ports },
  }
}
