import type { RegularStatement } from './statement.ts'

/**
 * Whether a statement is carried out. A partial reload leaves out what loads tables or maps without ADD, REPLACE or MERGE, and MAP …
 * USING without ADD or REPLACE; a full one what has ONLY. All other statements are carried out in both: one that names a table only the
 * full reload has fails, as documented.
 * Source: https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/Scripting/ScriptPrefixes/PartialReload.htm
 */
export function isCarriedOut(statement: RegularStatement, partial: boolean): boolean {
  switch (statement.kind) {
    case 'load': {
      const prefix = statement.prefixes.find(
        ({ kind }) => kind === 'add' || kind === 'replace' || kind === 'merge',
      )
      return runsWith(
        prefix !== undefined,
        prefix !== undefined && 'only' in prefix && prefix.only,
        partial,
      )
    }
    case 'map':
      return runsWith(statement.prefix !== undefined, statement.prefix?.only === true, partial)
    case 'binary':
      return !partial
    default:
      return true
  }
}

function runsWith(hasPrefix: boolean, only: boolean, partial: boolean): boolean {
  return partial ? hasPrefix : !only
}
