/** Where the items of a vector lie. */
export interface FlatVector {
  /** Byte of the first item. */
  readonly at: number
  readonly length: number
}

const maxTables = 1 << 17

/**
 * A table of a flatbuffer, read in place. A DataView throws where a place is outside the bytes, so no offset can lead out of them.
 * Slots are the numbers of the fields in the schema of the format. Every method throws Error for bytes that lie.
 */
export class FlatTable {
  readonly #view: DataView
  readonly #at: number
  readonly #slots: number
  readonly #slotBytes: number

  constructor(view: DataView, at: number) {
    this.#view = view
    this.#at = at
    this.#slots = at - view.getInt32(at, true)
    this.#slotBytes = view.getUint16(this.#slots, true)
    if (this.#slotBytes < 4) throw new Error('a metadata table has no slots')
  }

  /** The outermost table of the bytes. */
  static root(bytes: Uint8Array): FlatTable {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    return new FlatTable(view, view.getUint32(0, true))
  }

  get view(): DataView {
    return this.#view
  }

  byte(slot: number, otherwise = 0): number {
    const place = this.#place(slot)
    return place < 0 ? otherwise : this.#view.getUint8(place)
  }

  short(slot: number, otherwise = 0): number {
    const place = this.#place(slot)
    return place < 0 ? otherwise : this.#view.getInt16(place, true)
  }

  int(slot: number, otherwise = 0): number {
    const place = this.#place(slot)
    return place < 0 ? otherwise : this.#view.getInt32(place, true)
  }

  long(slot: number): number {
    const place = this.#place(slot)
    return place < 0 ? 0 : longAt(this.#view, place)
  }

  table(slot: number): FlatTable | undefined {
    const place = this.#place(slot)
    return place < 0 ? undefined : this.#tableAt(place)
  }

  tables(slot: number): FlatTable[] {
    const { at, length } = this.vector(slot, 4)
    if (length > maxTables) throw new Error(`metadata lists ${length} tables`)
    return Array.from({ length }, (_, i) => this.#tableAt(at + 4 * i))
  }

  /** A vector of items of so many bytes; an absent one is empty. */
  vector(slot: number, itemBytes: number): FlatVector {
    const place = this.#place(slot)
    if (place < 0) return { at: 0, length: 0 }
    const start = place + this.#view.getUint32(place, true)
    const length = this.#view.getUint32(start, true)
    if (start + 4 + length * itemBytes > this.#view.byteLength)
      throw new Error('a metadata vector is longer than the metadata')
    return { at: start + 4, length }
  }

  text(slot: number): string {
    const { at, length } = this.vector(slot, 1)
    return new TextDecoder().decode(
      new Uint8Array(this.#view.buffer, this.#view.byteOffset + at, length),
    )
  }

  #tableAt(place: number): FlatTable {
    return new FlatTable(this.#view, place + this.#view.getUint32(place, true))
  }

  /** -1 when the slot is left out. */
  #place(slot: number): number {
    const entry = 4 + slot * 2
    if (entry + 2 > this.#slotBytes) return -1
    const offset = this.#view.getUint16(this.#slots + entry, true)
    return offset === 0 ? -1 : this.#at + offset
  }
}

/** A 64-bit integer that counts bytes or rows. @throws Error past 2^53 */
export function longAt(view: DataView, at: number): number {
  const value = view.getInt32(at + 4, true) * 2 ** 32 + view.getUint32(at, true)
  if (!Number.isSafeInteger(value)) throw new Error('a count is out of range')
  return value
}
