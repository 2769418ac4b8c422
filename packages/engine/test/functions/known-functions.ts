import { help as chartHelp } from '../../src/aggregation/aggregation.ts'
import { aggregations } from '../../src/aggregation/registry.ts'
import { scalarFunctions } from '../../src/functions/registry.ts'
import { unsupportedFunctions } from '../../src/functions/unsupported.ts'
import type { UsedFunction } from './calls.ts'
import { readText } from './cases.ts'
import { languageFunctions } from './language-functions.ts'

/** A function this engine carries out. */
export interface KnownFunction {
  /** Unique; the name, and the place behind it where two functions share a name. */
  readonly key: string
  readonly signature: string
  readonly meaning: string
  readonly category: string
  readonly context: 'both' | 'script' | 'chart' | 'set'
  /** Public page. */
  readonly source: string
}

export type Importance = 1 | 2 | 3

/** A function of the imitated language. */
export interface ListedFunction {
  readonly name: string
  readonly importance: Importance
}

/** Key in lower case → importance, in the order of the list. */
export const listedFunctions: readonly ListedFunction[] = readImportance()

/** Why a function has no case, by key. */
export const withoutCase: Readonly<Record<string, string>> = JSON.parse(
  readText('without-case.json'),
)

/** Everything the registries hold, and what the binder and the script know by themselves. */
export const knownFunctions: readonly KnownFunction[] = [
  ...aggregations.map((definition) => ({
    key: definition.name,
    signature: definition.signature,
    meaning: definition.meaning,
    category: 'aggregation',
    context: 'both' as const,
    source: definition.source,
  })),
  ...scalarFunctions.map((definition) => ({
    key: keyOf(definition.name, definition.context),
    signature: definition.signature,
    meaning: definition.meaning,
    category: definition.category,
    context: definition.context,
    source: definition.source,
  })),
  ...languageFunctions.map(({ signature, meaning, category, context, page }) => ({
    key: keyOf(signature.slice(0, signature.indexOf('(')), context),
    signature,
    meaning,
    category,
    context,
    source: page.startsWith('https:') ? page : chartHelp + page,
  })),
]

const byKey: ReadonlyMap<string, KnownFunction> = new Map(
  knownFunctions.map((known) => [known.key.toLowerCase(), known]),
)

export function findKnown(key: string): KnownFunction | undefined {
  return byKey.get(key.toLowerCase())
}

/** The known function a call means; undefined when none. */
export function knownOf({ name, place }: UsedFunction): KnownFunction | undefined {
  return (
    findKnown(`${name} (${place})`) ??
    (place === 'set' && name !== 'p' ? undefined : findKnown(name))
  )
}

/** Known by name, and refused with this reason. */
export function refusalOf(name: string): string | undefined {
  return unsupportedFunctions.get(name.toLowerCase())?.reason
}

/** Names that mean two functions carry the place. */
function keyOf(name: string, place: string): string {
  const placed = `${name} (${place})`
  return listedFunctions.some((listed) => listed.name === placed) ? placed : name
}

function readImportance(): readonly ListedFunction[] {
  const names: Readonly<Record<string, readonly string[]>> = JSON.parse(readText('importance.json'))
  return ([1, 2, 3] as const).flatMap((importance) =>
    (names[importance] ?? []).map((name) => ({ name, importance })),
  )
}
