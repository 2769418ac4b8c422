/** Texts in the data of a field that stand for several values; undefined where there is none. */
export interface WildTexts {
  /** STAR IS: all values listed in the field of this table. */
  readonly star: string | undefined
  /** OtherSymbol: all values of the field that this table has not listed before. */
  readonly other: string | undefined
}

/** Which fields of which tables were loaded while a symbol for several values was set. */
export class Wildcards {
  readonly #tables = new Map<string, Map<string, WildTexts>>()

  add(table: string, fields: readonly string[], texts: WildTexts): void {
    if (texts.star === undefined && texts.other === undefined) return
    const known = this.#tables.get(table) ?? new Map<string, WildTexts>()
    this.#tables.set(table, known)
    for (const field of fields) known.set(field, texts)
  }

  of(table: string, field: string): WildTexts | undefined {
    return this.#tables.get(table)?.get(field)
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
      const texts = fields.get(from)
      if (texts === undefined) continue
      fields.delete(from)
      fields.set(to, texts)
    }
  }

  get empty(): boolean {
    return this.#tables.size === 0
  }
}
