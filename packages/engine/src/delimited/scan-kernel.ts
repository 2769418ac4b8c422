import { assemble } from '../wasm/assembler.ts'
import {
  all,
  and,
  andLong,
  block,
  type Code,
  choice,
  constant,
  copyBytes,
  get,
  highestBits,
  isAbove,
  isAtLeast,
  isAtMost,
  isBelow,
  isNot,
  isSame,
  isZeroLong,
  leave,
  leaveIf,
  leftLong,
  load8,
  load32,
  loadVector,
  long,
  minus,
  minusLong,
  not,
  or,
  orLong,
  orVector,
  plus,
  repeat,
  rightLong,
  sameBytes,
  set,
  shifted,
  shiftedRight,
  sixteenOf,
  store32,
  toLong,
  toWord,
  trailingZeros,
  trailingZerosLong,
  when,
} from '../wasm/instructions.ts'
import { atTheEnd, leadingDigits, lessZeros, worth } from './scan-digits.ts'
import { cellBytes, cellWord, job, stopAt } from './scan-job.ts'
import { markCells } from './scan-marks.ts'

const lineFeed = 0x0a
const carriageReturn = 0x0d
const blank = 0x20
const tab = 0x09
const doubleQuote = 0x22
const singleQuote = 0x27
const point = 0x2e

const task = 0
/** 32-bit locals. */
const [at, last, cells, cellsEnd, row, rows] = [1, 2, 3, 4, 5, 6]
const [starts, ends, marks, base, delimiter, quoting] = [7, 8, 9, 10, 11, 12]
const [mark, composed, next, cell, start, end] = [13, 14, 15, 16, 17, 18]
const [numeral, byte, digits, decimals, entry, window] = [19, 20, 21, 22, 23, 24]
const [mask, length, tries, slot, from, tables] = [25, 26, 27, 28, 29, 30]
const [unmarked, most, firstRow] = [31, 32, 33]
/** 64-bit ones. `stops` has a bit for each byte from `window` on that ends a cell and has not been passed. */
const [stops, figures, low, high] = [34, 35, 36, 37]
/** The bytes that end a cell, sixteen times each. */
const [delimiters, lineFeeds, carriageReturns, quotes] = [38, 39, 40, 41]
const locals = { params: 1, integers: 33, longs: 4, vectors: 4 }
const windowBytes = 64

const told = (word: number): Code => load32(get(task), word * 4)
const tell = (word: number, value: Code): Code => store32(get(task), value, word * 4)
const isByte = (value: number): Code => isSame(get(byte), constant(value))
const add = (local: number, amount: number): Code => set(local, plus(get(local), constant(amount)))

/** Bit i says whether byte i of the sixteen at `offset` ends a cell. */
const stopsAt = (offset: number): Code => {
  const sixteen = loadVector(get(window), offset)
  return highestBits(
    orVector(
      orVector(sameBytes(sixteen, get(delimiters)), sameBytes(sixteen, get(lineFeeds))),
      sameBytes(sixteen, get(carriageReturns)),
    ),
  )
}

const stopsOfWindow: Code = [16, 32, 48].reduce<Code>(
  (bits, offset) => orLong(bits, leftLong(toLong(stopsAt(offset)), long(BigInt(offset)))),
  toLong(stopsAt(0)),
)

/** `end` becomes the place of the next stop, which is passed; there is one. */
const passStop: Code = all(
  block(
    repeat(
      leaveIf(not(isZeroLong(get(stops))), 1),
      add(window, windowBytes),
      set(stops, stopsOfWindow),
      leave(0),
    ),
  ),
  set(end, plus(get(window), toWord(trailingZerosLong(get(stops))))),
  set(stops, andLong(get(stops), minusLong(get(stops), long(1n)))),
)

/** Forgets the stops before `next`. */
const passTo: Code = all(
  set(length, minus(get(next), get(window))),
  when(
    isBelow(get(length), constant(windowBytes)),
    set(stops, andLong(get(stops), leftLong(long(-1n), toLong(get(length))))),
    all(set(window, get(next)), set(stops, stopsOfWindow)),
  ),
)

const isBetween = (value: Code, least: number, most: number): Code =>
  isAtMost(minus(value, constant(least)), constant(most - least))

/** `numeral` of the cell, -1 for none; `digits` are those it begins with. */
const readNumeral: Code = all(
  set(numeral, constant(-1)),
  set(figures, lessZeros(get(start))),
  set(digits, leadingDigits(get(figures))),
  // No "0" before other digits.
  when(
    and(
      isBetween(get(digits), 1, 8),
      or(
        isNot(and(toWord(get(figures)), constant(0xff)), constant(0)),
        isSame(get(digits), constant(1)),
      ),
    ),
    when(
      isSame(get(digits), get(length)),
      set(numeral, shifted(worth(atTheEnd(get(figures), get(digits))), 3)),
      all(
        set(from, plus(get(start), get(digits))),
        set(decimals, minus(minus(get(length), get(digits)), constant(1))),
        set(low, lessZeros(plus(get(from), constant(1)))),
        when(
          and(
            and(isSame(load8(get(from)), constant(point)), isBetween(get(decimals), 1, 7)),
            and(
              isAtMost(plus(get(digits), get(decimals)), constant(8)),
              isAtLeast(leadingDigits(get(low)), get(decimals)),
            ),
          ),
          set(
            numeral,
            plus(
              shifted(
                worth(
                  orLong(
                    rightLong(
                      atTheEnd(get(figures), get(digits)),
                      toLong(shifted(get(decimals), 3)),
                    ),
                    atTheEnd(get(low), get(decimals)),
                  ),
                ),
                3,
              ),
              get(decimals),
            ),
          ),
        ),
      ),
    ),
  ),
)

/** Moves `end` to the next quote, or to `last` or beyond where there is none before. */
const seekQuote: Code = all(
  set(mask, constant(0)),
  block(
    repeat(
      leaveIf(isAtLeast(get(end), get(last)), 1),
      set(mask, highestBits(sameBytes(loadVector(get(end)), get(quotes)))),
      leaveIf(get(mask), 1),
      add(end, 16),
      leave(0),
    ),
  ),
  when(get(mask), set(end, plus(get(end), trailingZeros(get(mask))))),
)

/** Puts the bytes from `from` to `to` behind what is composed; `outer` leaves for good when there is no room. */
const compose = (to: Code, outer: number): Code =>
  all(
    set(length, minus(to, get(from))),
    leaveIf(isAbove(plus(get(composed), get(length)), told(job.composedEnd)), outer),
    copyBytes(get(composed), get(from), get(length)),
    set(composed, plus(get(composed), get(length))),
  )

/** In a cell with doubled quotes, `end` is at the first of two: its text, with a quote for each pair, goes behind what is composed. */
const readDoubled = (outer: number): Code =>
  all(
    set(from, get(start)),
    set(start, get(composed)),
    repeat(
      compose(plus(get(end), constant(1)), outer + 1),
      set(from, plus(get(end), constant(2))),
      set(end, get(from)),
      seekQuote,
      leaveIf(isAtLeast(plus(get(end), constant(1)), get(last)), outer + 1),
      leaveIf(isSame(load8(get(end), 1), constant(doubleQuote)), 0),
    ),
    compose(get(end), outer),
    set(next, plus(get(end), constant(1))),
    set(end, get(composed)),
  )

/** The cell whose quote `start` is at; `outer` leaves for good where it is not wholly in quotes. */
const readQuoted = (outer: number): Code =>
  all(
    add(start, 1),
    set(end, get(start)),
    seekQuote,
    leaveIf(isAtLeast(plus(get(end), constant(1)), get(last)), outer),
    set(next, plus(get(end), constant(1))),
    when(isSame(load8(get(next)), constant(doubleQuote)), readDoubled(outer + 1)),
    set(slot, get(end)),
    passTo,
    passStop,
    leaveIf(isNot(get(end), get(next)), outer),
    set(end, get(slot)),
  )

const note = (from: Code, to: Code, value: Code): Code =>
  all(
    set(entry, plus(load32(get(cell)), shifted(get(row), 2))),
    store32(plus(get(starts), get(entry)), minus(from, get(base))),
    store32(plus(get(ends), get(entry)), minus(to, get(base))),
    store32(plus(get(marks), get(entry)), value),
  )

/** A quote may open behind blanks, and a `'` may be one. */
const mayOpen: Code = and(isSame(get(quoting), constant(2)), or(isByte(blank), isByte(singleQuote)))

/** One record after the other; leaving two blocks from here ends all. */
const readRecords: Code = repeat(
  leaveIf(isSame(get(row), get(rows)), 1),
  leaveIf(isAtLeast(get(at), get(last)), 1),
  leaveIf(load32(constant(stopAt)), 1),
  set(byte, load8(get(at))),
  // Perhaps a blank line.
  leaveIf(
    or(
      or(or(isByte(blank), isByte(lineFeed)), isByte(carriageReturn)),
      and(isByte(tab), isNot(get(delimiter), constant(tab))),
    ),
    1,
  ),
  set(next, get(at)),
  set(cell, get(cells)),
  repeat(
    leaveIf(isSame(get(cell), get(cellsEnd)), 2),
    set(start, get(next)),
    set(byte, load8(get(start))),
    when(
      and(isByte(doubleQuote), isNot(get(quoting), constant(0))),
      readQuoted(3),
      all(passStop, set(next, get(end)), leaveIf(and(mayOpen, isNot(get(start), get(end))), 3)),
    ),
    set(length, minus(get(end), get(start))),
    readNumeral,
    note(get(start), get(end), minus(constant(-1), get(numeral))),
    set(byte, load8(get(next))),
    add(cell, cellBytes),
    add(next, 1),
    leaveIf(isSame(get(byte), get(delimiter)), 0),
  ),
  block(
    repeat(
      leaveIf(isSame(get(cell), get(cellsEnd)), 1),
      note(get(base), get(base), constant(0)),
      add(cell, cellBytes),
      leave(0),
    ),
  ),
  when(
    and(isByte(carriageReturn), isSame(load8(get(next)), constant(lineFeed))),
    all(add(next, 1), passStop),
  ),
  add(row, 1),
  set(at, get(next)),
  leave(0),
)

const markLocals = {
  cell,
  last,
  tables,
  decimals,
  unmarked,
  start,
  length,
  mark,
  slot,
  tries,
  low,
  high,
}

/** Column by column, so that the tables of one stay in the cache. */
const markColumns: Code = all(
  set(cell, get(cells)),
  block(
    repeat(
      leaveIf(isSame(get(cell), get(cellsEnd)), 1),
      set(tables, load32(get(cell), cellWord.tables * 4)),
      when(
        get(tables),
        all(
          set(next, plus(get(marks), load32(get(cell), cellWord.entries * 4))),
          set(last, plus(get(next), shifted(get(row), 2))),
          set(next, plus(get(next), shifted(get(firstRow), 2))),
          set(from, minus(get(starts), get(marks))),
          set(entry, minus(get(ends), get(starts))),
          set(decimals, load32(get(cell), cellWord.decimals * 4)),
          set(most, plus(told(job.most), shiftedRight(minus(get(cell), get(cells)), 3))),
          set(unmarked, isSame(load32(get(most)), constant(-1))),
          markCells(
            { ...markLocals, at: next },
            plus(get(base), load32(plus(get(next), get(from)))),
            minus(
              plus(get(base), load32(plus(plus(get(next), get(from)), get(entry)))),
              get(start),
            ),
          ),
          store32(get(cell), get(decimals), cellWord.decimals * 4),
          store32(
            get(most),
            choice(constant(-1), load32(get(cell), cellWord.marks * 4), get(unmarked)),
          ),
        ),
      ),
      add(cell, cellBytes),
      leave(0),
    ),
  ),
)

/** What `PlainRecords` does with the same records, and marks above 0; see `job`. Goes on with the next job, unless it is stopped. */
export function scanKernel(isShared: boolean): Uint8Array {
  const body = repeat(
    set(row, told(job.rows)),
    set(firstRow, get(row)),
    set(at, told(job.at)),
    set(last, told(job.last)),
    set(cells, told(job.cells)),
    set(cellsEnd, plus(get(cells), shifted(told(job.fields), 5))),
    set(rows, told(job.capacity)),
    set(starts, told(job.starts)),
    set(ends, told(job.ends)),
    set(base, told(job.base)),
    set(delimiter, told(job.delimiter)),
    set(quoting, told(job.quoting)),
    set(marks, told(job.marks)),
    set(composed, told(job.composed)),
    set(window, minus(get(at), constant(windowBytes))),
    set(stops, long(0n)),
    set(delimiters, sixteenOf(get(delimiter))),
    set(lineFeeds, sixteenOf(constant(lineFeed))),
    set(carriageReturns, sixteenOf(constant(carriageReturn))),
    set(quotes, sixteenOf(constant(doubleQuote))),
    block(readRecords),
    markColumns,
    tell(job.rows, get(row)),
    tell(job.at, get(at)),
    tell(job.composed, get(composed)),
    when(
      not(load32(constant(stopAt))),
      all(tell(job.isDone, constant(1)), set(task, told(job.next)), leaveIf(get(task), 1)),
    ),
  )
  return assemble([{ name: 'run', ...locals, body }], {
    isShared,
    pages: 65_536,
    exports: ['run'],
  })
}
