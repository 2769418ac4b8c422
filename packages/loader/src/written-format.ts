import {
  type CancellationToken,
  type FormatClause,
  LoadError,
  type StoredField,
  type StoredSymbols,
  type StoredTable,
} from '@lichen/engine'

/** Makes the bytes of a file, chunk by chunk. */
export interface WrittenFormat {
  /** @throws LoadError `source-unsupported` for an option or value the format does not have */
  write(
    table: StoredTable,
    clause: FormatClause,
    cancellation: CancellationToken,
  ): AsyncIterable<Uint8Array>
}

/** A format by its names, as `FormatEntry` of reading. */
export interface WrittenFormatEntry {
  readonly names: readonly string[]
  readonly extensions: readonly string[]
  load(): Promise<WrittenFormat>
}

/** 1 number shown by the field's format, 2 text, 3 number with a text of its own. */
export function kindOf(symbols: StoredSymbols, symbol: number): number {
  const known = symbols.kindAt?.(symbol)
  if (known !== undefined) return known
  const value = symbols.valueAt(symbol)
  return typeof value === 'number' ? 1 : typeof value === 'string' ? 2 : 3
}

/** Whether the numbers of a field are moments or spans of time, which people know by their texts. */
export function showsTime({ format }: Pick<StoredField, 'format'>): boolean {
  return format !== null && ['date', 'time', 'timestamp', 'interval'].includes(format.kind)
}

/** Whether a text is nothing but the number in digits, as `1.50` and unlike `007`, `Jan` or more digits than a double has. */
export function isNumeral(text: string, number: number): boolean {
  return (
    /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text) &&
    Number(text) === number &&
    (Math.abs(number) <= Number.MAX_SAFE_INTEGER || !/^-?\d+$/.test(text))
  )
}

/** @throws LoadError `source-unsupported` where two fields have one name */
export function checkNames({ name: table, fields }: StoredTable, format: string): void {
  const names = new Set<string>()
  for (const { name } of fields) {
    if (names.has(name))
      throw new LoadError(
        'source-unsupported',
        `${format} cannot hold two fields named ${name} of table ${table}; give one another name with AS`,
      )
    names.add(name)
  }
}

/** @throws LoadError `source-unsupported` for the first item of a clause that the format does not have */
export function checkClause(
  { options }: FormatClause,
  format: string,
  known: (item: string, setting: string | true) => boolean,
): void {
  for (const [item, setting] of options)
    if (!known(item, setting))
      throw new LoadError(
        'source-unsupported',
        `STORE does not know "${setting === true ? item : `${item} is ${setting}`}" for ${format}; leave it out`,
      )
}
