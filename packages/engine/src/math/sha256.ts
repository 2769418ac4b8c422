/** SHA-256 of the UTF-8 form of a text, as 32 bytes. Source: https://nvlpubs.nist.gov/nistpubs/FIPS/NIST.FIPS.180-4.pdf */
export function sha256(text: string): Uint8Array {
  const message = paddedMessage(utf8(text))
  const view = new DataView(message.buffer)
  const hash = Uint32Array.from(initialHash)
  const words = new Uint32Array(64)
  for (let block = 0; block < message.length; block += 64) digestBlock(view, block, words, hash)
  const bytes = new Uint8Array(32)
  const out = new DataView(bytes.buffer)
  for (let index = 0; index < 8; index += 1) out.setUint32(index * 4, hash[index]!)
  return bytes
}

/** UTF-8 bytes of a text; lone surrogates become U+FFFD. */
export function utf8(text: string): Uint8Array {
  const bytes: number[] = []
  for (const letter of text) {
    const read = letter.codePointAt(0) ?? 0xfffd
    const code = read >= 0xd800 && read <= 0xdfff ? 0xfffd : read
    if (code < 0x80) bytes.push(code)
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 63))
    else if (code < 0x10000)
      bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63))
    else
      bytes.push(
        0xf0 | (code >> 18),
        0x80 | ((code >> 12) & 63),
        0x80 | ((code >> 6) & 63),
        0x80 | (code & 63),
      )
  }
  return Uint8Array.from(bytes)
}

function paddedMessage(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const length = Math.ceil((bytes.length + 9) / 64) * 64
  const message = new Uint8Array(length)
  message.set(bytes)
  message[bytes.length] = 0x80
  const view = new DataView(message.buffer)
  view.setUint32(length - 8, Math.floor((bytes.length * 8) / 2 ** 32))
  view.setUint32(length - 4, (bytes.length * 8) >>> 0)
  return message
}

const primes = firstPrimes(64)
const initialHash = primes.slice(0, 8).map((prime) => fractionBits(Math.sqrt(prime)))
const roundConstants = Uint32Array.from(primes, (prime) => fractionBits(Math.cbrt(prime)))

function firstPrimes(count: number): readonly number[] {
  const found: number[] = []
  for (let candidate = 2; found.length < count; candidate += 1)
    if (found.every((prime) => candidate % prime !== 0)) found.push(candidate)
  return found
}

function fractionBits(root: number): number {
  return Math.floor((root - Math.floor(root)) * 2 ** 32) >>> 0
}

function digestBlock(view: DataView, block: number, words: Uint32Array, hash: Uint32Array): void {
  for (let index = 0; index < 16; index += 1) words[index] = view.getUint32(block + index * 4)
  for (let index = 16; index < 64; index += 1) {
    const early = words[index - 15]!
    const late = words[index - 2]!
    const small0 = rotate(early, 7) ^ rotate(early, 18) ^ (early >>> 3)
    const small1 = rotate(late, 17) ^ rotate(late, 19) ^ (late >>> 10)
    words[index] = words[index - 16]! + small0 + words[index - 7]! + small1
  }
  const state = Uint32Array.from(hash)
  for (let index = 0; index < 64; index += 1) {
    const a = state[0]!
    const e = state[4]!
    const big1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)
    const choice = (e & state[5]!) ^ (~e & state[6]!)
    const first = (state[7]! + big1 + choice + roundConstants[index]! + words[index]!) | 0
    const big0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)
    const majority = (a & state[1]!) ^ (a & state[2]!) ^ (state[1]! & state[2]!)
    state.copyWithin(1, 0, 7)
    state[4] = state[4]! + first
    state[0] = first + big0 + majority
  }
  for (let index = 0; index < 8; index += 1) hash[index] = hash[index]! + state[index]!
}

function rotate(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by))
}
