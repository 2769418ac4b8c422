/** A buffer of the data part; `offset` from its start, bytes. */
export interface Region {
  readonly offset: number
  readonly length: number
  readonly crc: number
}

export interface CatalogueFormat {
  readonly kind: string
  readonly pattern: string
  readonly decimalSeparator: string | undefined
  readonly thousandSeparator: string | undefined
}

export interface CatalogueSymbolSegment {
  readonly count: number
  readonly kinds: Region
  readonly numbers: Region
  readonly offsets: Region
  readonly bytes: Region
}

export interface CatalogueVariant {
  readonly symbol: number
  readonly text: string
  readonly table: string
  readonly row: number
}

export interface CatalogueField {
  readonly name: string
  readonly comment: string
  readonly system: boolean
  readonly tags: readonly string[]
  readonly format: CatalogueFormat | undefined
  readonly settings: number
  readonly numberCount: number
  readonly segments: readonly CatalogueSymbolSegment[]
  readonly numericOrder: Region
  readonly textOrder: Region
  readonly slots: Region
  readonly variants: readonly CatalogueVariant[]
}

export interface CatalogueColumnSegment {
  readonly rows: number
  readonly width: number
  readonly codes: Region
}

export interface CatalogueColumn {
  readonly field: number
  readonly unique: boolean
  readonly segments: readonly CatalogueColumnSegment[]
}

export interface CatalogueTable {
  readonly name: string
  readonly comment: string
  readonly rows: number
  readonly loose: boolean
  readonly synthetic: boolean
  /** Empty unless the model says it. */
  readonly loaded: readonly string[]
  readonly columns: readonly CatalogueColumn[]
}

/** The tables of `catalogue.fbs` as plain data. */
export interface Catalogue {
  readonly fields: readonly CatalogueField[]
  readonly tables: readonly CatalogueTable[]
  readonly extras: readonly { readonly name: string; readonly content: Region }[]
  readonly settings: readonly string[]
  readonly notes: readonly string[]
}
