/** The cells of one column of the batch in hand: UTF-8 bytes and where each cell ends. */
export class CellBuffer {
  #bytes: Uint8Array
  #used = 0
  #offsets: Uint32Array

  constructor(rows: number, bytes: number) {
    this.#offsets = new Uint32Array(rows + 1)
    this.#bytes = new Uint8Array(bytes)
  }

  /** Bytes of whole cells and the one begun. */
  get used(): number {
    return this.#used
  }

  /** Adds source[start … end) to the cell begun. */
  append(source: Uint8Array, start: number, end: number): void {
    const length = end - start
    if (this.#used + length > this.#bytes.length) this.#grow(this.#used + length)
    if (length > 40) this.#bytes.set(source.subarray(start, end), this.#used)
    else for (let i = 0; i < length; i++) this.#bytes[this.#used + i] = source[start + i]!
    this.#used += length
  }

  /** Adds source[start … end) as the whole cell of `row`. */
  put(source: Uint8Array, start: number, end: number, row: number): void {
    const used = this.#used
    const length = end - start
    if (used + length > this.#bytes.length) this.#grow(used + length)
    const bytes = this.#bytes
    if (length > 40) bytes.set(source.subarray(start, end), used)
    else for (let i = 0; i < length; i++) bytes[used + i] = source[start + i]!
    this.#used = used + length
    this.#offsets[row + 1] = used + length
  }

  endCell(row: number): void {
    this.#offsets[row + 1] = this.#used
  }

  /** Forgets the cell begun in `row`. */
  undo(row: number): void {
    this.#used = this.#offsets[row]!
  }

  /** The cells so far, as views. */
  take(rows: number): { readonly bytes: Uint8Array; readonly offsets: Uint32Array } {
    return {
      bytes: this.#bytes.subarray(0, this.#used),
      offsets: this.#offsets.subarray(0, rows + 1),
    }
  }

  #grow(needed: number): void {
    const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2))
    grown.set(this.#bytes.subarray(0, this.#used))
    this.#bytes = grown
  }
}
