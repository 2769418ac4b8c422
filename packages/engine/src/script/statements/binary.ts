import { LichenError } from '../../base/errors.ts'
import type { AppData } from '../app-data.ts'
import { reopenData } from '../reopen-data.ts'
import { StatementError } from '../row-expression.ts'
import type { RunState } from '../run-state.ts'
import { decodeSectionAccess, sectionAccessPart } from '../section-access.ts'
import type { StatementOf } from '../statement.ts'

/** Said wherever a BINARY stands that is not the first statement. */
export const mustComeFirst =
  'BINARY must be the first statement of the script; load single tables with STORE … (qvd) and LOAD'

/**
 * BINARY [file]: the tables of a saved app, with its section access but without variables and objects; of the app itself when no file is
 * named. Only the apps this engine saved can be read.
 * Source: https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/Scripting/ScriptRegularStatements/Binary.htm
 * @throws StatementError `script-failed` when it is not first; LichenError `source-unsupported`, `snapshot-malformed`, `snapshot-too-new`
 */
export async function executeBinary(
  { path, span }: StatementOf<'binary'>,
  state: RunState,
): Promise<void> {
  if (state.statements !== 1) throw new StatementError('script-failed', mustComeFirst, span)
  const data = path === undefined ? state.options.present : await savedData(path.text, state)
  if (data === undefined)
    throw new LichenError(
      'script-failed',
      'BINARY without a file loads the app itself, which has no data',
    )
  reopenData(data, state)
  for (const { name, rows } of state.application.tables.values()) {
    state.checkRows(rows, name)
    state.journal.rows += rows
    state.log.push(`${name} << ${path?.text ?? 'this app'} ${rows} Lines fetched`)
  }
}

async function savedData(path: string, state: RunState): Promise<AppData> {
  if (/\.qv[fw]$/i.test(path))
    throw new LichenError(
      'source-unsupported',
      `${path} is of a format that only its maker reads; store its tables there with STORE … (qvd) and load the QVD files`,
    )
  const { reader } = state.options
  if (reader?.readBytes === undefined)
    throw new LichenError(
      'source-unsupported',
      `This host gives scripts no saved apps, so "${path}" cannot be read; pass a reader that reads bytes`,
    )
  const bytes = await reader.readBytes(path)
  state.journal.bytes += bytes.length
  // Loaded when it is needed: hosts that save nothing do without the format.
  const { openSnapshot } = await import('../../snapshot/open-snapshot.ts')
  const { model, extras } = openSnapshot(bytes)
  const part = extras.get(sectionAccessPart)
  const sectionAccess = part === undefined ? [] : decodeSectionAccess(part)
  if (sectionAccess === undefined)
    throw new LichenError('snapshot-malformed', `The section access of ${path} is not readable`)
  return { model, sectionAccess }
}
