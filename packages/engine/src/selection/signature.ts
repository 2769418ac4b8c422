import type { Bitset } from '../storage/bitset.ts'
import type { FieldSelection } from './selections.ts'

/** Up to this many symbols are written out; more are hashed. */
const exactLimit = 48

/** Selected sets are never changed once they are part of a selection, so their text is made once. */
const textOfSet = new WeakMap<Bitset, string>()

/**
 * Cache key of selections: fields ascending, each with its symbols. Written out exactly when few, else 128 bits of hash with size and
 * count; `hasHash` tells a cache that it should compare the sets themselves before it trusts a hit.
 */
export function signatureOf(fields: ReadonlyMap<number, FieldSelection>): string {
  const parts: string[] = []
  for (const field of [...fields.keys()].sort((a, b) => a - b)) {
    const selection = fields.get(field)
    if (selection !== undefined) parts.push(`${field}=${setText(selection.symbols)}`)
  }
  return parts.join(';')
}

/** Whether a signature stands for its selections by hash, not by writing them out. */
export function hasHash(signature: string): boolean {
  return signature.includes('#')
}

function setText(symbols: Bitset): string {
  const known = textOfSet.get(symbols)
  if (known !== undefined) return known
  const count = symbols.count()
  const text =
    count <= exactLimit
      ? [...symbols.toArray()].map((symbol) => symbol.toString(36)).join('.')
      : `#${count}/${symbols.size}/${hash64(symbols.words, 0x9e3779b9, 0x85ebca6b)}${hash64(symbols.words, 0xc2b2ae35, 0x27d4eb2f)}`
  textOfSet.set(symbols, text)
  return text
}

/**
 * 64 bits over words, as two lanes of multiply and rotate that feed each other at the end. The seeds choose the lanes' starts and
 * odd multipliers, so that two calls with other seeds do not collide together.
 */
function hash64(words: Uint32Array, seedA: number, seedB: number): string {
  const timesA = seedA | 1
  const timesB = seedB | 1
  let a = seedA ^ words.length
  let b = seedB ^ words.length
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!
    a = Math.imul(a ^ word, timesA)
    a = (a << 15) | (a >>> 17)
    b = Math.imul(b + word, timesB) ^ a
    b = (b << 13) | (b >>> 19)
  }
  a = scramble(a ^ (b >>> 1))
  b = scramble(b ^ a)
  return hex(a) + hex(b)
}

function scramble(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 16), 0x7feb352d)
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x846ca68b)
  return mixed ^ (mixed >>> 16)
}

function hex(value: number): string {
  return (value >>> 0).toString(16).padStart(8, '0')
}
