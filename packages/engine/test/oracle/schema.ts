import fc from 'fast-check'

/** A table as plain data; null is NULL. */
export interface PlainTable {
  readonly name: string
  readonly fields: readonly string[]
  readonly rows: readonly (readonly (number | null)[])[]
}

export interface PlainModel {
  readonly tables: readonly PlainTable[]
}

export interface ModelShape {
  readonly maxTables?: number
  readonly maxRows?: number
  /** Values are 0 … domain - 1. */
  readonly domain?: number
  /** false: no two tables share more than one field. */
  readonly syntheticKeys?: boolean
}

type LinkKind = 'island' | 'fresh' | 'fresh-pair' | 'reuse' | 'part'

interface TableSeed {
  readonly parent: number
  readonly link: LinkKind
  readonly pick: number
  readonly ownFields: number
  readonly rows: readonly (readonly (number | null)[])[]
}

const widest = 16

/**
 * Models whose tables form a forest: each table joins an earlier one by a new field, by a new pair of fields (a synthetic key), by the
 * very fields the earlier one already shares, by one field of such a pair, or not at all. Duplicate keys, NULL keys and keys without
 * partner come by themselves from small domains.
 */
export function arbitraryModel(shape: ModelShape = {}): fc.Arbitrary<PlainModel> {
  const { maxTables = 6, maxRows = 4, domain = 3, syntheticKeys = true } = shape
  const kinds: { arbitrary: fc.Arbitrary<LinkKind>; weight: number }[] = [
    { arbitrary: fc.constant('island'), weight: 1 },
    { arbitrary: fc.constant('fresh'), weight: 5 },
    { arbitrary: fc.constant('reuse'), weight: 3 },
    { arbitrary: fc.constant('fresh-pair'), weight: syntheticKeys ? 3 : 0 },
    { arbitrary: fc.constant('part'), weight: syntheticKeys ? 2 : 0 },
  ]
  // Value 0 comes often, so that rows of many tables meet in one record.
  const cell = fc.oneof(
    { arbitrary: fc.constant(0), weight: 4 },
    { arbitrary: fc.integer({ min: 0, max: domain - 1 }), weight: 6 },
    { arbitrary: fc.constant(null), weight: 1 },
  )
  const seed: fc.Arbitrary<TableSeed> = fc.record({
    parent: fc.nat(1000),
    link: fc.oneof(...kinds),
    pick: fc.nat(1000),
    ownFields: fc.nat(2),
    rows: fc.array(fc.array(cell, { minLength: widest, maxLength: widest }), {
      maxLength: maxRows,
    }),
  })
  return fc.array(seed, { minLength: 1, maxLength: maxTables }).map(planModel)
}

function planModel(seeds: readonly TableSeed[]): PlainModel {
  const fieldsOf: string[][] = []
  /** The field lists each table shares with others. */
  const sharedOf: string[][][] = []
  let next = 0
  const fresh = (prefix: string): string => `${prefix}${next++}`
  seeds.forEach((seed, index) => {
    const parent = index === 0 ? -1 : seed.parent % index
    const shared = parent === -1 ? [] : linkFields(seed, sharedOf[parent] ?? [], fresh)
    for (const field of shared) {
      const parentFields = fieldsOf[parent]
      if (parentFields !== undefined && !parentFields.includes(field)) parentFields.push(field)
    }
    if (shared.length > 0 && !sharedOf[parent]?.some((known) => known.join() === shared.join())) {
      sharedOf[parent]?.push(shared)
    }
    const own = Array.from({ length: Math.max(seed.ownFields, shared.length === 0 ? 1 : 0) }, () =>
      fresh('f'),
    )
    fieldsOf.push([...shared, ...own])
    sharedOf.push(shared.length === 0 ? [] : [shared])
  })
  return {
    tables: seeds.map((seed, index) => {
      const fields = fieldsOf[index] ?? []
      return {
        name: `T${index}`,
        fields,
        rows: seed.rows.map((row) => fields.map((_, column) => row[column] ?? null)),
      }
    }),
  }
}

function linkFields(
  seed: TableSeed,
  shared: readonly string[][],
  fresh: (prefix: string) => string,
): string[] {
  const picked = shared[seed.pick % Math.max(1, shared.length)]
  switch (seed.link) {
    case 'island':
      return []
    case 'fresh-pair':
      return [fresh('k'), fresh('k')]
    case 'reuse':
      return picked === undefined ? [fresh('k')] : [...picked]
    case 'part': {
      const one = picked?.[seed.parent % picked.length]
      return one === undefined ? [fresh('k')] : [one]
    }
    case 'fresh':
      return [fresh('k')]
  }
}
