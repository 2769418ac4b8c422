import type { VariantText } from './symbol-table.ts'

/** Further texts of numbers of one field, in order of appearance, each with the row that brought it first. */
export class VariantTexts {
  readonly #variants = new Map<string, VariantText>()

  constructor(known: Iterable<VariantText> = []) {
    for (const { symbol, text, table, row } of known) this.note(symbol, text, table, row)
  }

  note(symbol: number, text: string, table: string, row: number): void {
    const key = `${symbol}:${text}`
    if (!this.#variants.has(key)) this.#variants.set(key, { symbol, text, table, row })
  }

  /** A table took another name, or none (it was dropped): its variants follow. */
  renameTable(from: string, to: string | null): void {
    for (const [key, variant] of this.#variants) {
      if (variant.table !== from) continue
      if (to === null) this.#variants.delete(key)
      else this.#variants.set(key, { ...variant, table: to })
    }
  }

  /** Those of symbols that are kept, by their new codes; null = all, as they are. */
  list(remap: Uint32Array | null): VariantText[] {
    const variants: VariantText[] = []
    for (const variant of this.#variants.values()) {
      const symbol = remap === null ? variant.symbol : remap[variant.symbol + 1]! - 1
      if (symbol >= 0) variants.push({ ...variant, symbol })
    }
    return variants
  }
}
