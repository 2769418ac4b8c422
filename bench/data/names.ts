import { seededRandom } from './random.ts'
import { type GeneratedTable, integers, table, texts } from './table.ts'

const syllables = ['ba', 'cor', 'den', 'fi', 'gra', 'ho', 'jan', 'ki', 'lum', 'mo', 'ne', 'ost']
const endings = ['ra', 'sil', 'tum', 'uno', 'vex', 'wy', 'zor', 'peq', 'qui', 'lan']

/** `count` different names of three to five made-up words, for searching. The same seed gives the same names. */
export function generateNames(count: number, seed: number): GeneratedTable {
  const random = seededRandom(seed)
  const words = madeUpWords(1500, random)
  const names = Array.from({ length: count }, (_, index) => {
    const length = 3 + Math.floor(random() * 3)
    return `${picked(words, length, random)} ${index.toString(36)}`
  })
  const ids = Int32Array.from({ length: count }, (_, index) => index)
  return table('names', [integers('id', ids), texts('name', ids, names)])
}

/** `count` words of three syllables, every other one with a capital. */
export function madeUpWords(count: number, random: () => number): string[] {
  return Array.from({ length: count }, () => {
    const word = pick(syllables, random) + pick(syllables, random) + pick(endings, random)
    return random() < 0.5 ? word : word.charAt(0).toUpperCase() + word.slice(1)
  })
}

/** `count` of the words with a space between them. */
export function picked(words: readonly string[], count: number, random: () => number): string {
  return Array.from({ length: count }, () => pick(words, random)).join(' ')
}

function pick(from: readonly string[], random: () => number): string {
  return from[Math.floor(random() * from.length)] ?? ''
}
