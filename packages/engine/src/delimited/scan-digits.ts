import {
  andLong,
  type Code,
  constant,
  leftLong,
  loadLong,
  long,
  minus,
  orLong,
  plusLong,
  rightLong,
  shifted,
  shiftedRight,
  timesLong,
  toLong,
  toWord,
  trailingZerosLong,
  xorLong,
} from '../wasm/instructions.ts'

/** The eight bytes there, less "0" each: digits become what they are worth. */
export const lessZeros = (address: Code): Code =>
  xorLong(loadLong(address), long(0x3030303030303030n))

/** How many of eight such bytes are digits before the first that is none: 0x76 + 10 has the highest bit, and so has any byte that had it. */
export const leadingDigits = (eight: Code): Code =>
  shiftedRight(
    toWord(
      trailingZerosLong(
        andLong(
          orLong(
            plusLong(andLong(eight, long(0x7f7f7f7f7f7f7f7fn)), long(0x7676767676767676n)),
            eight,
          ),
          long(-0x7f7f7f7f7f7f7f80n),
        ),
      ),
    ),
    3,
  )

/** `eight` with its first `count` bytes, 1 to 8, moved to the end behind zeros. */
export const atTheEnd = (eight: Code, count: Code): Code =>
  leftLong(eight, toLong(minus(constant(64), shifted(count, 3))))

/** What eight digits are worth, the first in the lowest byte: pairs, fours, all. */
export const worth = (eight: Code): Code => {
  const pairs = rightLong(timesLong(eight, long(2561n)), long(8n))
  const fours = rightLong(
    timesLong(andLong(pairs, long(0x00ff00ff00ff00ffn)), long(6553601n)),
    long(16n),
  )
  return toWord(
    rightLong(
      timesLong(andLong(fours, long(0x0000ffff0000ffffn)), long(42949672960001n)),
      long(32n),
    ),
  )
}
