import type { Value } from '../value/dual.ts'
import type { NumberFormat } from '../value/number-format.ts'

/** A run of symbols, append-only. Symbol `start + i` is slot i. All arrays are flat and may be shared memory. */
export interface SymbolSegment {
  readonly start: number
  readonly count: number
  /** ValueKind per symbol (1 number by the field's default format, 2 text, 3 dual). Length `count`. */
  readonly kinds: Uint8Array
  /** NaN where the symbol has no number. Length `count`. */
  readonly numbers: Float64Array
  /** UTF-8 text of symbol i = bytes[offsets[i] … offsets[i+1]); empty for kind 1. Length `count + 1`. */
  readonly offsets: Uint32Array
  readonly bytes: Uint8Array
}

/** A second text that a number already known was seen with, and the row that brought it first. */
export interface VariantText {
  readonly symbol: number
  readonly text: string
  readonly table: string
  readonly row: number
}

/**
 * The distinct values of one field, shared by every table that has the field, in order of first appearance (load order).
 * Equal numbers are one symbol; a symbol without a number is identified by its text.
 */
export interface SymbolTable {
  readonly count: number
  readonly segments: readonly SymbolSegment[]
  /** How symbols without a text of their own are shown; null = default number text. */
  readonly format: NumberFormat | null
  readonly variants: readonly VariantText[]
  readonly bytes: number
  kindAt(symbol: number): number
  /** NaN where the symbol has no number. */
  numberAt(symbol: number): number
  /** The text shown. Decoded or formatted lazily and remembered. */
  textAt(symbol: number): string
  /** A string, a number (plain default formatting) or a Dual. Never null. */
  valueAt(symbol: number): Value
  /** The symbol equal to a value, or -1: by number when it has one, else by exact text. */
  find(value: Value): number
  /** Whether every symbol / no symbol has a number. */
  readonly allNumbers: boolean
  readonly allText: boolean
  /** The numbers of all codes in one array of length count + 1 (index = code; NULL and text are NaN). Cached. */
  numbersByCode(): Float64Array
  /** Symbols in ascending order: numeric (numbers ascending, then text by collation), text (collation of texts). Load order is 0, 1, 2 … Cached. */
  order(by: 'numeric' | 'text'): Uint32Array
  /** Inverse of `order`: rank of each symbol. Cached. */
  rank(by: 'numeric' | 'text'): Uint32Array
}
