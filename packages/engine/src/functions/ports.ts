import type { Value } from '../value/dual.ts'

/**
 * What some functions need from the app or the running script. A host gives what it has; a function whose port is missing
 * throws LichenError `expression-invalid` that names the function.
 */
export interface FunctionPorts {
  /** Value of an output row of a table being loaded: -1 is the last row, 0 the first; null beyond. */
  peek?(field: string, row: number, table?: string): Value
  /** Value of a field on the previous input record; null on the first. */
  previous?(field: string): Value
  /** Whether the field already holds the value. */
  exists?(field: string, value: Value): boolean
  applyMap?(map: string, value: Value): { readonly found: boolean; readonly value: Value }
  mapNames?(): readonly string[]
  /** The pairs of a mapping table, in load order; undefined when there is none of that name. */
  mapEntries?(map: string): readonly (readonly [from: string, to: string])[] | undefined
  lookUp?(field: string, matchField: string, value: Value, table?: string): Value
  /** Integer per distinct value of a counter, 1 at first. */
  autoNumber?(key: string, counter: string): number

  /** Undefined when there is no such table. */
  noOfRows?(table: string): number | undefined
  noOfFields?(table: string): number | undefined
  noOfTables?(): number
  /** `index` is 0-based. */
  tableName?(index: number): string | undefined
  /** 0-based. */
  tableNumber?(table: string): number | undefined
  /** `index` is 1-based. */
  fieldName?(index: number, table: string): string | undefined
  /** 1-based, 0 when there is none. */
  fieldNumber?(field: string, table: string): number

  /** Distinct values of a field in load order; undefined when there is no such field. */
  fieldValueList?(field: string): readonly Value[] | undefined
  fieldValueCount?(field: string): number | undefined
  /** `position` is 1-based in load order. */
  fieldValue?(field: string, position: number): Value
  /** 1-based position in load order, 0 when the field does not hold the value. */
  fieldIndex?(field: string, value: Value): number

  /** The value of a text as an expression without fields; null when it is none. */
  evaluate?(expression: string): Value

  recNo?(): number
  rowNo?(): number
  iterNo?(): number
  isPartialReload?(): boolean

  /** Local time of the last reload in serial days. */
  reloadTime?(): number
  /** Current UTC time in serial days. */
  utcNow?(): number
  /** Local time of a UTC serial at a place; undefined when the place is not known. */
  localTime?(utc: number, place: string, ignoreDaylightSaving: boolean): number | undefined
  /** IANA name of the zone the clock runs in. */
  timeZone?(): string
  /** 0 ≤ r < 1. */
  random?(): number

  user?(): string
  osUser?(): string
  /** A fact about the user, such as `userEmail` or `userGroups`; undefined when it is not known. Names are case-sensitive. */
  userAttribute?(name: string): string | undefined
  computerName?(): string
  clientPlatform?(): string
  documentName?(): string
  documentTitle?(): string
  engineVersion?(): string
  stateName?(): string

  selectedCount?(field: string, includeExcluded: boolean, state?: string): number
  /** Whole text of GetFieldSelections: values up to `max`, else `x of y`; null when nothing is selected. */
  fieldSelections?(field: string, separator: string, max: number, state?: string): string | null
  currentSelections?(
    recordSeparator: string,
    tagSeparator: string,
    valueSeparator: string,
    max: number,
    state?: string,
  ): string | null
  possibleCount?(field: string, state?: string): number
  alternativeCount?(field: string): number
  excludedCount?(field: string): number
  notSelectedCount?(field: string, includeExcluded: boolean): number
  /** What the chart is made of, 0-based: the definition of a dimension, its name, the name of a measure. */
  objectField?(index: number): string | undefined
  objectDimension?(index: number): string | undefined
  objectMeasure?(index: number): string | undefined
  variable?(name: string): string | undefined

  /** Facts about the file being read, or a named one; undefined when none is read, or when there is none. */
  file?(name?: string): FileFacts | undefined
  qvd?(name: string): QvdFacts | undefined
  /** Empty without a connection. */
  connectString?(): string
}

export interface FileFacts {
  readonly path: string
  /** Undefined when not known, as is the next one. */
  readonly sizeBytes: number | undefined
  /** UTC serial days. */
  readonly modified: number | undefined
}

export interface QvdFacts {
  /** UTC serial days; undefined when the header does not say. */
  readonly created: number | undefined
  readonly tableName: string
  readonly fieldNames: readonly string[]
  readonly records: number
}
