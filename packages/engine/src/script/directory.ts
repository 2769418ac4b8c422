import type { RunState } from './run-state.ts'
import type { LoadStatement } from './statement.ts'

const absolute = /^(?:[a-z][a-z0-9+.-]*:|[\\/])/i

/**
 * A path as DIRECTORY makes it: one without a scheme, drive or leading slash is below that folder.
 * Source: https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/Scripting/ScriptRegularStatements/Directory.htm
 */
export function inDirectory(path: string, { directory }: RunState): string {
  if (directory === '' || absolute.test(path)) return path
  return /[\\/]$/.test(directory) ? directory + path : `${directory}/${path}`
}

/** The LOAD with the path of its file below DIRECTORY. */
export function loadInDirectory(load: LoadStatement, state: RunState): LoadStatement {
  const { source } = load
  if (source.kind !== 'from') return load
  const text = inDirectory(source.path.text, state)
  return { ...load, source: { ...source, path: { ...source.path, text } } }
}
