import { engineVersion } from '../base/version.ts'
import type { FunctionPorts } from '../functions/ports.ts'
import type { Inference, StateCounts } from '../inference/inference.ts'
import type { Identity, ModelView } from '../model/view.ts'
import type { Selections } from '../selection/selections.ts'
import { Bitset } from '../storage/bitset.ts'
import { dataPorts } from './data-ports.ts'
import type { Document, Variable } from './document.ts'

/** The part of a session that functions look at. */
interface FunctionSubject {
  readonly view: ModelView
  readonly identity: Identity
  readonly document: Document
  readonly variables: ReadonlyMap<string, Variable>
  selections(state: string): Selections
  inference(state: string): Inference
}

/** What chart functions ask of the session they run in: selections, the user, the tables of the view. `state` is the object's own. */
export function functionPorts(session: FunctionSubject, state: string): FunctionPorts {
  const counts = (field: string, of: string = state): StateCounts | undefined => {
    const index = session.view.fieldIndex(field)
    return index === undefined ? undefined : session.inference(of).counts(index)
  }
  const selectedCount = (field: string, includeExcluded: boolean, of?: string): number => {
    const found = counts(field, of)
    if (found === undefined) return 0
    const excluded = includeExcluded ? found.selectedExcluded + found.lockedExcluded : 0
    return found.selected + found.locked + excluded
  }
  const possibleCount = (field: string, of?: string): number => {
    const found = counts(field, of)
    return found === undefined ? 0 : found.selected + found.locked + found.optional
  }
  return {
    ...dataPorts(session.view),
    selectedCount,
    possibleCount,
    alternativeCount: (field) => counts(field)?.alternative ?? 0,
    excludedCount: (field) => {
      const found = counts(field)
      return found === undefined
        ? 0
        : found.excluded + found.selectedExcluded + found.lockedExcluded
    },
    notSelectedCount: (field, includeExcluded) => {
      const found = counts(field)
      if (found === undefined) return 0
      return found.optional + found.alternative + (includeExcluded ? found.excluded : 0)
    },
    fieldSelections: (field, separator, most, of) =>
      fieldSelections(session, of ?? state, field, separator, most),
    currentSelections: (recordSeparator, tagSeparator, valueSeparator, most, of) => {
      const selections = session.selections(of ?? state)
      const parts = [...selections.fields.keys()].map((index) => {
        const name = session.view.fields[index]?.name ?? ''
        return `${name}${tagSeparator}${fieldSelections(session, of ?? state, name, valueSeparator, most) ?? ''}`
      })
      return parts.length === 0 ? null : parts.join(recordSeparator)
    },
    variable: (name) =>
      (session.variables.get(name) ?? session.document.variables.get(name))?.definition,
    stateName: () => state,
    ...(session.identity.user === undefined
      ? {}
      : { user: () => session.identity.user ?? '', osUser: () => session.identity.user ?? '' }),
    ...(session.identity.client === undefined
      ? {}
      : { clientPlatform: () => session.identity.client ?? '' }),
    ...(session.document.computerName === undefined
      ? {}
      : { computerName: () => session.document.computerName ?? '' }),
    documentName: () => session.document.id,
    documentTitle: () => session.document.title,
    reloadTime: () => session.document.lastReload ?? session.document.clock.now(),
    engineVersion: () => engineVersion,
    userAttribute: (name) => attributeOf(session.identity, name),
  }
}

/** A fact about the user: a claim of the host's, or the groups. */
function attributeOf({ claims, groups }: Identity, name: string): string | undefined {
  const claim = claims !== undefined && Object.hasOwn(claims, name) ? claims[name] : undefined
  return claim ?? (name === 'userGroups' ? groups?.join(', ') : undefined)
}

/**
 * Up to `most` selected values; of more, `ALL` when no value is left out, `NOT …` when at most that many are, else `x of y`.
 * Source: https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/ChartFunctions/FieldFunctions/getfieldselections.htm
 */
function fieldSelections(
  session: FunctionSubject,
  state: string,
  name: string,
  separator: string,
  most: number,
): string | null {
  const index = session.view.fieldIndex(name)
  const field = index === undefined ? undefined : session.view.fields[index]
  const selected =
    index === undefined ? undefined : session.selections(state).fields.get(index)?.symbols
  if (field === undefined || selected === undefined) return null
  const total = field.symbols.count
  const count = selected.count()
  const texts = (symbols: Bitset): string =>
    Array.from(symbols.toArray(), (symbol) => field.symbols.textAt(symbol)).join(separator)
  if (count <= most) return texts(selected)
  if (count === total) return 'ALL'
  if (total - count <= most) return `NOT ${texts(Bitset.full(total).subtractWith(selected))}`
  return `${count} of ${total}`
}
