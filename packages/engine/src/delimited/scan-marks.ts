import {
  all,
  and,
  andLong,
  block,
  type Code,
  constant,
  get,
  isAtLeast,
  isAtMost,
  isBelow,
  isNegative,
  isSame,
  isZeroLong,
  leave,
  leaveIf,
  leftLong,
  load32,
  loadLong,
  long,
  minus,
  minusLong,
  not,
  orLong,
  plus,
  repeat,
  rightLong,
  sameLong,
  set,
  shifted,
  shiftedRight,
  store32,
  storeLong,
  times,
  timesLong,
  toLong,
  toWord,
  when,
  xorLong,
} from '../wasm/instructions.ts'
import {
  cellWord,
  digitPlaces,
  longestMarked,
  markTries,
  numberPlaces,
  numbersAt,
  textBytes,
  textPlaces,
  textsAt,
} from './scan-job.ts'

/** Locals of the kernel that these instructions use, words first. */
export interface MarkLocals {
  /** Address of the words of the field. */
  readonly cell: number
  /** Addresses of the marks of its cells: of the one at hand, and where they end. */
  readonly at: number
  readonly last: number
  readonly tables: number
  readonly decimals: number
  /** Out: 1 when a cell has no mark above 0. */
  readonly unmarked: number
  readonly start: number
  readonly length: number
  readonly mark: number
  readonly slot: number
  readonly tries: number
  readonly low: number
  readonly high: number
}

/**
 * Makes the number of a cell among the distinct ones of its column its mark, for all cells of a column, which have the complement of their
 * numeral or 0; one that came too late for a place keeps what it has.
 */
export const markCells = (local: MarkLocals, startOf: Code, lengthOf: Code): Code => {
  const { at, last, tables, decimals, unmarked, start, length, mark, slot } = local
  const numeral = minus(constant(-1), get(mark))
  const digits = shiftedRight(numeral, 3)
  return block(
    repeat(
      leaveIf(isAtLeast(get(at), get(last)), 1),
      set(mark, load32(get(at))),
      block(
        when(
          isNegative(get(mark)),
          all(
            when(
              not(get(decimals)),
              all(set(decimals, plus(and(numeral, constant(7)), constant(1)))),
            ),
            when(
              and(
                isSame(plus(and(numeral, constant(7)), constant(1)), get(decimals)),
                isBelow(digits, constant(digitPlaces)),
              ),
              all(
                set(slot, plus(get(tables), shifted(digits, 2))),
                set(mark, load32(get(slot))),
                when(
                  not(get(mark)),
                  all(count(local, cellWord.digitsEnd, 4), store32(get(slot), get(mark))),
                ),
                leave(2),
              ),
            ),
            markNumeral(local, 2),
          ),
          all(
            set(start, startOf),
            set(length, lengthOf),
            when(isAtMost(get(length), constant(longestMarked)), markText(local, 3)),
          ),
        ),
        set(unmarked, constant(1)),
      ),
      store32(get(at), get(mark)),
      set(at, plus(get(at), constant(4))),
      leave(0),
    ),
  )
}

/** `mark` becomes the next one of the column; its place, at `slot`, is in the table whose end that word tells. */
const count = ({ cell, mark, slot }: MarkLocals, end: number, bytes: number): Code =>
  all(
    when(
      isAtLeast(get(slot), load32(get(cell), end * 4)),
      store32(get(cell), plus(get(slot), constant(bytes)), end * 4),
    ),
    set(mark, plus(load32(get(cell), cellWord.marks * 4), constant(1))),
    store32(get(cell), get(mark), cellWord.marks * 4),
  )

/** Tries some places from `slot` on, `bytes` apart; `look` leaves the one it is asked in by so many blocks more than `outer`. */
const atPlaces = ({ slot, tries }: MarkLocals, bytes: number, look: Code): Code =>
  all(
    set(tries, constant(markTries)),
    repeat(
      look,
      set(slot, plus(get(slot), constant(bytes))),
      set(tries, minus(get(tries), constant(1))),
      leaveIf(get(tries), 0),
    ),
  )

/** A place is the complement of the numeral and, above it, the mark; 0 when it is free. Numerals of a range narrower than the table do not meet. */
const markNumeral = (local: MarkLocals, outer: number): Code => {
  const { tables, mark, slot, low } = local
  const numeral = minus(constant(-1), get(mark))
  const decimals = shifted(and(numeral, constant(7)), Math.log2(numberPlaces) - 3)
  const place = and(plus(shiftedRight(numeral, 3), decimals), constant(numberPlaces - 1))
  return all(
    set(slot, plus(plus(get(tables), constant(numbersAt)), shifted(place, 3))),
    atPlaces(
      local,
      8,
      all(
        set(low, loadLong(get(slot))),
        when(
          isZeroLong(get(low)),
          all(
            set(low, toLong(get(mark))),
            count(local, cellWord.numbersEnd, 8),
            storeLong(get(slot), orLong(get(low), leftLong(toLong(get(mark)), long(32n)))),
            leave(outer + 1),
          ),
        ),
        when(
          isSame(toWord(get(low)), get(mark)),
          all(set(mark, toWord(rightLong(get(low), long(32n)))), leave(outer + 1)),
        ),
      ),
    ),
  )
}

/** The lowest bytes, as many as `bytes` says. */
const lowestBytes = (value: Code, bytes: Code): Code =>
  andLong(value, minusLong(leftLong(long(1n), toLong(shifted(bytes, 3))), long(1n)))

/** A place is the bytes of the cell, in the last of sixteen their count and 1, and the mark behind; it is free when the count is 0. */
const markText = (local: MarkLocals, outer: number): Code => {
  const { tables, start, length, mark, slot, low, high } = local
  const hash = timesLong(
    xorLong(get(low), timesLong(get(high), long(-0x7a143588d6f3b3abn))),
    long(-0x61c8864680b583ebn),
  )
  const place = toWord(rightLong(hash, long(BigInt(64 - Math.log2(textPlaces)))))
  return all(
    set(low, loadLong(get(start))),
    set(high, loadLong(get(start), 8)),
    when(
      isBelow(get(length), constant(8)),
      all(set(low, lowestBytes(get(low), get(length))), set(high, long(0n))),
      set(high, lowestBytes(get(high), minus(get(length), constant(8)))),
    ),
    set(high, orLong(get(high), leftLong(toLong(plus(get(length), constant(1))), long(56n)))),
    set(slot, plus(plus(get(tables), constant(textsAt)), times(place, constant(textBytes)))),
    atPlaces(
      local,
      textBytes,
      all(
        when(
          isZeroLong(loadLong(get(slot), 8)),
          all(
            count(local, cellWord.textsEnd, textBytes),
            storeLong(get(slot), get(low)),
            storeLong(get(slot), get(high), 8),
            store32(get(slot), get(mark), 16),
            leave(outer + 1),
          ),
        ),
        when(
          sameLong(loadLong(get(slot), 8), get(high)),
          when(
            sameLong(loadLong(get(slot)), get(low)),
            all(set(mark, load32(get(slot), 16)), leave(outer + 2)),
          ),
        ),
      ),
    ),
  )
}
