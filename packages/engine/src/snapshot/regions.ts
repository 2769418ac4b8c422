import type { Region } from './catalogue.ts'
import { crc32c } from './crc32c.ts'
import { aligned, alignment } from './layout.ts'
import { malformed } from './malformed.ts'

/** Collects buffers for the data part, without copying them. */
export class RegionWriter {
  readonly parts: Uint8Array[] = []
  #length = 0

  /** Bytes of the data part so far; a multiple of 64. */
  get length(): number {
    return this.#length
  }

  add(array: Uint8Array | Uint16Array | Uint32Array | Float64Array): Region {
    const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength)
    const region = { offset: this.#length, length: bytes.length, crc: crc32c(bytes) }
    const padding = aligned(bytes.length) - bytes.length
    if (bytes.length > 0) this.parts.push(bytes)
    if (padding > 0) this.parts.push(new Uint8Array(padding))
    this.#length += bytes.length + padding
    return region
  }
}

/** Hands out the buffers of the data part as views. They must be asked for in the order they were written. */
export class RegionReader {
  readonly #data: Uint8Array
  #at = 0

  /** `data` begins at a multiple of 8 in its buffer. */
  constructor(data: Uint8Array) {
    this.#data = data
  }

  bytes(region: Region, length: number, what: string): Uint8Array {
    if (region.offset !== this.#at) malformed(`${what} is not where it should be`)
    if (region.length !== length) malformed(`${what} has ${region.length} bytes, not ${length}`)
    const end = region.offset + aligned(region.length)
    if (end > this.#data.length) malformed(`${what} is cut off`)
    const bytes = this.#data.subarray(region.offset, region.offset + region.length)
    if (crc32c(bytes) !== region.crc) malformed(`${what} fails the checksum`)
    requireZeros(this.#data.subarray(region.offset + region.length, end), what)
    this.#at = end
    return bytes
  }

  words(region: Region, count: number, what: string): Uint32Array {
    const bytes = this.bytes(region, count * 4, what)
    return new Uint32Array(bytes.buffer, bytes.byteOffset, count)
  }

  halfWords(region: Region, count: number, what: string): Uint16Array {
    const bytes = this.bytes(region, count * 2, what)
    return new Uint16Array(bytes.buffer, bytes.byteOffset, count)
  }

  numbers(region: Region, count: number, what: string): Float64Array {
    const bytes = this.bytes(region, count * 8, what)
    return new Float64Array(bytes.buffer, bytes.byteOffset, count)
  }

  /** Nothing may follow the last buffer. */
  finish(): void {
    if (this.#at !== this.#data.length) malformed('bytes follow its last buffer')
  }
}

export function requireZeros(padding: Uint8Array, what: string): void {
  if (padding.length >= alignment || padding.some((byte) => byte !== 0))
    malformed(`the padding of ${what} is not empty`)
}
