import { numberOf } from '../../value/dual.ts'
import { evaluateOnce } from '../language.ts'
import { StatementError } from '../row-expression.ts'
import type { RunState } from '../run-state.ts'
import type { StatementOf } from '../statement.ts'

declare function setTimeout(work: () => void, milliseconds: number): unknown

const mostMilliseconds = 3_600_000
/** Milliseconds after which a waiting script looks whether it was cancelled. */
const slice = 100

/**
 * SLEEP n: waits for n milliseconds, one hour at most.
 * Source: https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/Scripting/ScriptRegularStatements/Sleep.htm
 * @throws StatementError `script-failed`; LichenError `cancelled`, `budget-exceeded`
 */
export async function sleep(
  { milliseconds }: StatementOf<'sleep'>,
  state: RunState,
): Promise<void> {
  const wait = state.options.wait ?? waited
  const given = numberOf(await state.files.knowing(() => evaluateOnce(milliseconds, state)))
  if (!(given >= 0 && given <= mostMilliseconds))
    throw new StatementError(
      'script-failed',
      `SLEEP takes milliseconds, ${mostMilliseconds} at most`,
      milliseconds.span,
    )
  for (let left = Math.floor(given); left > 0; left -= slice) {
    await wait(Math.min(slice, left))
    state.checkTime()
  }
}

function waited(milliseconds: number): Promise<void> {
  return new Promise((done) => {
    setTimeout(done, milliseconds)
  })
}

/**
 * EXECUTE command: runs a program where the host lets scripts do so.
 * Source: https://help.qlik.com/en-US/sense/Subsystems/Hub/Content/Scripting/ScriptRegularStatements/Execute.htm
 * @throws StatementError `access-denied`
 */
export async function execute(
  { command, span }: StatementOf<'execute'>,
  state: RunState,
): Promise<void> {
  const run = state.options.execute
  if (run === undefined)
    throw new StatementError(
      'access-denied',
      'EXECUTE: this host lets scripts run no programs; let the host run it before the reload',
      span,
    )
  await run(command.text, state.cancellation)
}
