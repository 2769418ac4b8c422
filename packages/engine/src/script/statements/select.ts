import { LichenError } from '../../base/errors.ts'
import { interpretCell } from '../../value/interpret.ts'
import { displayedNulls } from '../displayed-nulls.ts'
import { originsOfSource } from '../lineage.ts'
import { tableOfSelect } from '../parse-sql.ts'
import type { OpenSource } from '../reader.ts'
import type { RunState } from '../run-state.ts'
import { type ScriptWaiting, tokenWithin } from '../script-connections.ts'
import type { NamedSource } from '../sources.ts'
import type { StageSource } from '../stage.ts'
import type { LoadSource, StatementOf } from '../statement.ts'
import { newDictionaries } from '../values.ts'

type SqlSource = Extract<LoadSource, { readonly kind: 'sql' }>

/** @throws LoadError `source-not-found`; LichenError `source-unsupported`, `cancelled` */
export async function executeConnect(
  { name, connection }: StatementOf<'connect'>,
  state: RunState,
): Promise<void> {
  await state.connections.connect(name.text, connection, waitingOf(state))
}

/**
 * The result of a statement sent to the connection; none when the statement has no result, which is then carried out.
 * @throws LoadError `script-failed` with the message of the server; LichenError `source-not-found` before CONNECT, `script-failed` for fields of one name
 */
export async function sqlSources(
  { what, text }: SqlSource,
  state: RunState,
): Promise<readonly NamedSource[]> {
  const { connections } = state
  const waiting = waitingOf(state)
  const open =
    what === 'query'
      ? await connections.query(text.text, waiting)
      : await connections.describe(what, waiting)
  if (open.fields.length === 0) return []
  checkNames(open.fields)
  const origins = originsOfSource(connections.description, open.fields)
  const name = (what === 'query' ? tableOfSelect(text.text) : undefined) ?? `SQL${what}`
  return [{ source: { ...sqlStage(open, state), origins }, name }]
}

function waitingOf(state: RunState): ScriptWaiting {
  return { settings: state.space.settings, checkTime: () => state.checkTime() }
}

function checkNames(fields: readonly string[]): void {
  const twice = fields.find((field, index) => fields.indexOf(field) < index)
  if (twice === undefined) return
  throw new LichenError(
    'script-failed',
    `The result has two fields named "${twice}"; give one of them another name by AS`,
  )
}

function sqlStage(open: OpenSource, state: RunState): StageSource {
  const token = tokenWithin(() => state.checkTime())
  const shown = state.systemVariable('NullDisplay')
  const batches: StageSource['batches'] = (wanted) => open.batches(wanted, token)
  const source: StageSource = { fields: open.fields, rows: open.rows, batches }
  if (shown === undefined) return source
  const { settings } = state.space
  const value = interpretCell(shown, settings)
  return {
    ...source,
    async *batches(wanted) {
      const dictionaries = wanted.map(() => newDictionaries(settings))
      for await (const batch of batches(wanted)) yield displayedNulls(batch, dictionaries, value)
    },
  }
}
