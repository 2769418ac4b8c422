import { seededRandom } from './random.ts'
import { type GeneratedTable, integers, table, texts } from './table.ts'

const syllables = ['ba', 'cor', 'den', 'fi', 'gra', 'ho', 'jan', 'ki', 'lum', 'mo', 'ne', 'ost']
const endings = ['ra', 'sil', 'tum', 'uno', 'vex', 'wy', 'zor', 'peq', 'qui', 'lan']

/** `count` different names of three to five made-up words, for searching. The same seed gives the same names. */
export function generateNames(count: number, seed: number): GeneratedTable {
  const random = seededRandom(seed)
  const pick = (from: readonly string[]): string => from[Math.floor(random() * from.length)] ?? ''
  const words = Array.from({ length: 1500 }, () => {
    const word = pick(syllables) + pick(syllables) + pick(endings)
    return random() < 0.5 ? word : word.charAt(0).toUpperCase() + word.slice(1)
  })
  const names = Array.from({ length: count }, (_, index) => {
    const length = 3 + Math.floor(random() * 3)
    return `${Array.from({ length }, () => pick(words)).join(' ')} ${index.toString(36)}`
  })
  const ids = Int32Array.from({ length: count }, (_, index) => index)
  return table('names', [integers('id', ids), texts('name', ids, names)])
}
