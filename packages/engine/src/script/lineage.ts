import type { Expression } from '../expression/ast.ts'
import { callsOf } from '../expression/visit.ts'
import { factsOf } from './expression-tree.ts'

/** A field outside the script that values came from: of a file by its path, of a connection, or of `INLINE` data. */
export interface FieldOrigin {
  readonly source: string
  readonly field: string
}

export type Origins = readonly FieldOrigin[]

/** What a LOAD reads or gives, as far as origins go: those of each field, by index. */
interface Traced {
  readonly fields: readonly string[]
  readonly origins?: readonly Origins[] | undefined
}

/** Where the values of one loaded field came from; empty when the script made them up. */
export interface FieldLineage {
  readonly table: string
  readonly field: string
  readonly from: Origins
}

/** Each field of a source is its own origin. */
export function originsOfSource(source: string, fields: readonly string[]): readonly Origins[] {
  return fields.map((field) => [{ source, field }])
}

/**
 * Origins of fields that a whole table was turned into, as CROSSTABLE or HIERARCHY do: a field that is there before and after comes
 * from itself, new ones from those that are gone or, when none is, from all.
 */
export function carriedOver(before: Traced, after: readonly string[]): readonly Origins[] {
  const origins = before.origins ?? []
  const kept = new Set(after)
  const gone = before.fields.flatMap((field, i) => (kept.has(field) ? [] : (origins[i] ?? [])))
  const rest = gone.length > 0 ? gone : origins.flat()
  return after.map((field) => {
    const known = before.fields.indexOf(field)
    return union(known < 0 ? rest : (origins[known] ?? []))
  })
}

/** Where the fields of the tables and maps of a running script came from. */
export class Lineage {
  readonly #tables = new Map<string, Map<string, OriginSet>>()
  readonly #maps = new Map<string, OriginSet>()

  /** Origins of the output fields of a LOAD: those of the fields and maps their expressions read. */
  ofOutputs(outputs: readonly { readonly ast: Expression }[], source: Traced): readonly Origins[] {
    const slots = new Map(source.fields.map((field, slot) => [field, slot]))
    return outputs.map(({ ast }) => {
      const fields = factsOf(ast).fields.map(({ name }) => slots.get(name) ?? -1)
      return union([
        ...fields.flatMap((slot) => source.origins?.[slot] ?? []),
        ...this.#elsewhere(ast),
      ])
    })
  }

  /** Fields of a table in the order asked for. */
  ofTable(table: string, fields: readonly string[]): readonly Origins[] {
    return fields.map((field) => this.#ofField(table, field))
  }

  /** Values were stored in fields of a table, beside those that are there. */
  add(table: string, { fields, origins }: Traced): void {
    const known = this.#tables.get(table) ?? new Map<string, OriginSet>()
    this.#tables.set(table, known)
    for (const [i, field] of fields.entries()) addTo(known, field, origins?.[i] ?? [])
  }

  addMap(map: string, { origins }: Traced): void {
    addTo(this.#maps, map, origins?.[1] ?? [])
  }

  dropTable(table: string): void {
    this.#tables.delete(table)
  }

  renameTable(from: string, to: string): void {
    const known = this.#tables.get(from)
    if (known === undefined) return
    this.#tables.delete(from)
    this.#tables.set(to, known)
  }

  renameField(from: string, to: string): void {
    for (const fields of this.#tables.values()) {
      const known = fields.get(from)
      if (known === undefined) continue
      fields.delete(from)
      fields.set(to, known)
    }
  }

  /** The fields of tables as they stand. */
  list(
    tables: Iterable<{ readonly name: string; readonly fields: readonly string[] }>,
  ): readonly FieldLineage[] {
    return [...tables].flatMap(({ name, fields }) =>
      fields.map((field) => ({
        table: name,
        field,
        from: this.#ofField(name, field),
      })),
    )
  }

  /** What functions look up in maps and in other tables. */
  #elsewhere(ast: Expression): Origins {
    return callsOf(ast).flatMap(({ name, args }): Origins => {
      const texts = args.map(nameIn)
      switch (name.toLowerCase()) {
        case 'applymap':
        case 'mapsubstring':
          return [...(this.#maps.get(texts[0] ?? '')?.values() ?? [])]
        case 'lookup':
          return this.#ofField(texts[3], texts[0])
        case 'peek':
          return this.#ofField(texts[2], texts[0])
        default:
          return []
      }
    })
  }

  #ofField(table: string | undefined, field: string | undefined): Origins {
    if (table === undefined || field === undefined) return []
    return [...(this.#tables.get(table)?.get(field)?.values() ?? [])]
  }
}

function nameIn(argument: Expression): string | undefined {
  if (argument.kind === 'field') return argument.name
  return argument.kind === 'literal' && typeof argument.value === 'string'
    ? argument.value
    : undefined
}

/** Origins by what they are, in the order they were met. */
type OriginSet = Map<string, FieldOrigin>

function addTo<Key>(sets: Map<Key, OriginSet>, key: Key, origins: Origins): void {
  const set = sets.get(key) ?? new Map<string, FieldOrigin>()
  sets.set(key, set)
  for (const origin of origins) set.set(`${origin.source}\n${origin.field}`, origin)
}

function union(origins: Origins): Origins {
  const set: OriginSet = new Map()
  for (const origin of origins) set.set(`${origin.source}\n${origin.field}`, origin)
  return [...set.values()]
}
