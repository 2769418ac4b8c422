import { LichenError } from '../base/errors.ts'
import { crc32c } from './crc32c.ts'
import { malformed } from './malformed.ts'

/**
 * A snapshot, little-endian:
 *   header (64 bytes)  magic `LICHEN1\0`, version u32, catalogue length u32, catalogue CRC u32, 0 u32, file length u64,
 *                      zeros, CRC of the 60 bytes before u32
 *   catalogue          a flatbuffer (catalogue.fbs), padded with zeros to 64
 *   data               buffers, each padded with zeros to 64; their places and CRCs stand in the catalogue
 *   footer (16 bytes)  file length u64, magic
 * All checksums are CRC-32C.
 */
export const formatVersion = 1
export const alignment = 64
export const headerBytes = 64
export const footerBytes = 16

const magic = Uint8Array.of(0x4c, 0x49, 0x43, 0x48, 0x45, 0x4e, 0x31, 0)

export interface Header {
  readonly catalogueLength: number
  readonly catalogueCrc: number
  readonly fileLength: number
}

/** `length` up to the next multiple of 64. */
export function aligned(length: number): number {
  return Math.ceil(length / alignment) * alignment
}

export function encodeHeader(header: Header): Uint8Array {
  const bytes = new Uint8Array(headerBytes)
  const view = new DataView(bytes.buffer)
  bytes.set(magic)
  view.setUint32(8, formatVersion, true)
  view.setUint32(12, header.catalogueLength, true)
  view.setUint32(16, header.catalogueCrc, true)
  view.setBigUint64(24, BigInt(header.fileLength), true)
  view.setUint32(60, crc32c(bytes.subarray(0, 60)), true)
  return bytes
}

export function encodeFooter(fileLength: number): Uint8Array {
  const bytes = new Uint8Array(footerBytes)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(fileLength), true)
  bytes.set(magic, 8)
  return bytes
}

/** @throws LichenError `snapshot-malformed`, `snapshot-too-new` */
export function decodeHeader(bytes: Uint8Array): Header {
  if (bytes.length < headerBytes + footerBytes) malformed('it is shorter than its header')
  if (!startsWithMagic(bytes)) malformed('it does not begin as a Lichen snapshot')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (crc32c(bytes.subarray(0, 60)) !== view.getUint32(60, true))
    malformed('its header fails the checksum')
  const version = view.getUint32(8, true)
  if (version > formatVersion) {
    throw new LichenError(
      'snapshot-too-new',
      `The snapshot has format ${version}, this version of Lichen reads up to ${formatVersion}; upgrade to open it`,
      { details: { version, supported: formatVersion } },
    )
  }
  const header = {
    catalogueLength: view.getUint32(12, true),
    catalogueCrc: view.getUint32(16, true),
    fileLength: Number(view.getBigUint64(24, true)),
  }
  if (header.fileLength !== bytes.length) {
    malformed(`it has ${bytes.length} of ${header.fileLength} bytes`, {
      bytes: bytes.length,
      expected: header.fileLength,
    })
  }
  if (headerBytes + aligned(header.catalogueLength) + footerBytes > bytes.length)
    malformed('its catalogue is cut off')
  const footer = bytes.subarray(bytes.length - footerBytes)
  const footerView = new DataView(footer.buffer, footer.byteOffset, footerBytes)
  if (
    Number(footerView.getBigUint64(0, true)) !== bytes.length ||
    !startsWithMagic(footer.subarray(8))
  ) {
    malformed('its footer is wrong')
  }
  return header
}

function startsWithMagic(bytes: Uint8Array): boolean {
  return magic.every((byte, index) => bytes[index] === byte)
}
