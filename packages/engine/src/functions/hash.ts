import { sha256 } from '../math/sha256.ts'
import type { Value } from '../value/dual.ts'
import {
  anyNumber,
  category,
  type Definition,
  type FunctionContext,
  type ScalarFunction,
  textArg,
} from './function.ts'

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** Hash of the texts, length-prefixed so that no two lists of texts share a message; 6 bits per character. */
function hashText(args: readonly Value[], context: FunctionContext, bits: number): string {
  const message = args
    .map((_, index) => textArg(args, index, context))
    .map((text) => (text === null ? '-' : `${text.length}:${text}`))
    .join('')
  const bytes = sha256(message)
  let result = ''
  for (let bit = 0; bit < bits; bit += 6) {
    const pair = ((bytes[bit >> 3] ?? 0) << 8) | (bytes[(bit >> 3) + 1] ?? 0)
    result += alphabet.charAt((pair >> (10 - (bit & 7))) & 63)
  }
  return result
}

function hash(bits: number, length: number): Definition {
  return {
    signature: `Hash${bits}(e {,e})`,
    meaning: `${length}-character hash`,
    max: anyNumber,
    evaluate: (args, context) => hashText(args, context, bits),
  }
}

/** The lengths are documented, the digits are our own. */
export const hashFunctions: readonly ScalarFunction[] = category(
  'string',
  'StringFunctions/string-functions.htm',
  [hash(128, 22), hash(160, 27), hash(256, 43)],
)
