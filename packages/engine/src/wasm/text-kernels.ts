import type { WasmFunction } from './assembler.ts'
import {
  aboveLanes,
  all,
  andLong,
  andVector,
  block,
  type Code,
  choice,
  constant,
  get,
  highestBits,
  highestOfLanes,
  isAbove,
  isAtLeast,
  isBelow,
  isNot,
  isZeroLong,
  lanesOf,
  leave,
  leaveIf,
  leftLong,
  load8,
  load32,
  loadLong,
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
  sameBytes,
  sameLong,
  set,
  shifted,
  shiftedBy,
  shiftedRight,
  sixteenOf,
  store32,
  storeLong,
  times,
  toLong,
  toWord,
  trailingZeros,
  trailingZerosLong,
  when,
} from './instructions.ts'
import { kernelParams } from './kernel.ts'

/** Words of the head of what is described, by number. */
const head = { length: 0, places: 1, bytes: 3, folds: 5 } as const
/** Behind the head a byte for each byte that may stand before. */
const refusalsAt = 32
const stepsAt: number = refusalsAt + 256
/** Eight bytes of a fragment take three times eight: its folds, which of them count, and the bytes. */
const stepBytes = 24

/** Bytes that kernels read behind what they are told to read, at most, beside the length of a fragment. */
export const readBeyond = 128

/** What `holding` looks for. */
export interface SoughtBytes {
  /** Not empty. */
  readonly bytes: Uint8Array
  /** A byte of a text fits one of the fragment when (byte | fold) equals it. */
  readonly folds: Uint8Array
  /** By the byte before the fragment within a text: 1 where it must not stand so. */
  readonly refusals: Uint8Array
  /** Two places of the fragment that are looked at first, best those of its rarest bytes. */
  readonly places: readonly [number, number]
}

/** As `holding` reads it. */
export function describedBytes({ bytes, folds, refusals, places }: SoughtBytes): Uint8Array {
  const steps = Math.ceil(bytes.length / 8)
  const described = new Uint8Array(stepsAt + steps * stepBytes)
  const words = new Uint32Array(described.buffer, 0, refusalsAt / 4)
  words[head.length] = bytes.length
  for (const [index, place] of places.entries()) {
    words[head.places + index] = place
    words[head.bytes + index] = bytes[place]!
    words[head.folds + index] = folds[place]!
  }
  described.set(refusals, refusalsAt)
  for (let at = 0; at < bytes.length; at++) {
    const step = stepsAt + (at >>> 3) * stepBytes + (at & 7)
    described[step] = folds[at]!
    described[step + 8] = 0xff
    described[step + 16] = bytes[at]!
  }
  return described
}

/** Places looked at in one turn. */
const windowBytes = 64
/** Windows are listed before they are gone through. */
const stretchBytes = 4096

const [texts, offsets, count, fragment, out, windows] = [0, 1, 2, 3, 4, 5]
/** 32-bit locals. */
const [at, end, last, length, first, second] = [7, 8, 9, 10, 11, 12]
const [listed, window, place, step, steps, own, word] = [13, 14, 15, 16, 17, 18, 19]
/** Number and end of the text that `offsets` is at, and the end of the last one found. */
const [text, to, done] = [20, 21, 22]
/** 64-bit one: a bit for each place of a window that is still to be visited. */
const candidates = 23
const [firstBytes, firstFolds, secondBytes, secondFolds] = [24, 25, 26, 27]
/** By place of a window, sixteen each: all bits of a byte set where both bytes fit. */
const [fits0, fits16, fits32, fits48] = [28, 29, 30, 31]
const locals = { params: kernelParams, integers: 16, longs: 1, vectors: 8 }

const add = (local: number, value: number): Code => set(local, plus(get(local), constant(value)))
const told = (number: number): Code => load32(get(fragment), number * 4)

const fitsAt = (from: number, offset: number, bytes: number, folds: number): Code =>
  sameBytes(orVector(loadVector(get(from), offset), get(folds)), get(bytes))
/** `fits0` … `fits48` of the window at `at`. */
const look: Code = all(
  set(own, plus(get(at), get(first))),
  set(word, plus(get(at), get(second))),
  ...[fits0, fits16, fits32, fits48].map((fit, index) =>
    set(
      fit,
      andVector(
        fitsAt(own, index * 16, firstBytes, firstFolds),
        fitsAt(word, index * 16, secondBytes, secondFolds),
      ),
    ),
  ),
)

const bitsOf = (fit: number): Code => highestBits(get(fit))
const halfOf = (low: number, high: number): Code =>
  toLong(or(bitsOf(low), shifted(bitsOf(high), 16)))

/** `candidates` from them. */
const gather: Code = set(
  candidates,
  orLong(halfOf(fits0, fits16), leftLong(halfOf(fits32, fits48), long(32n))),
)

/** Leaves the block around it where the fragment does not stand at `place`. */
const compare: Code = all(
  set(own, get(place)),
  set(step, plus(get(fragment), constant(stepsAt))),
  repeat(
    leaveIf(
      not(
        sameLong(
          andLong(orLong(loadLong(get(own)), loadLong(get(step))), loadLong(get(step), 8)),
          loadLong(get(step), 16),
        ),
      ),
      1,
    ),
    add(own, 8),
    add(step, stepBytes),
    leaveIf(isBelow(get(step), get(steps)), 0),
  ),
)

/** Bit i says that end i of the four at `offset` is beyond `place`. */
const endsBeyond = (offset: number): Code =>
  highestOfLanes(
    aboveLanes(loadVector(get(offsets), offset), lanesOf(minus(get(place), get(texts)))),
  )

/** Goes on to the text that `place` is in, by eight ends a turn. */
const walk: Code = all(
  block(
    repeat(
      set(word, or(endsBeyond(4), shifted(endsBeyond(20), 4))),
      leaveIf(get(word), 1),
      add(offsets, 32),
      add(text, 8),
      leave(0),
    ),
  ),
  set(word, trailingZeros(get(word))),
  set(text, plus(get(text), get(word))),
  set(offsets, plus(get(offsets), shifted(get(word), 2))),
  set(to, plus(get(texts), load32(get(offsets), 4))),
)

/** Leaves the block around it where the fragment must not stand behind the byte before. */
const refuse: Code = when(
  isNot(get(place), plus(get(texts), load32(get(offsets)))),
  leaveIf(load8(plus(get(fragment), load8(minus(get(place), constant(1)))), refusalsAt), 1),
)

/** The text holds it. */
const note: Code = all(
  set(word, plus(get(out), shifted(shiftedRight(get(text), 5), 2))),
  store32(get(word), or(load32(get(word)), shiftedBy(constant(1), get(text)))),
  set(done, get(to)),
)

/**
 * Looks at the windows from `at` to `last` and lists those with candidates, which takes no branch: whether there are any in a window is not
 * to be foretold.
 */
const list: Code = all(
  set(listed, get(windows)),
  repeat(
    look,
    gather,
    storeLong(get(listed), get(candidates)),
    store32(get(listed), get(at), 8),
    set(listed, plus(get(listed), shifted(not(isZeroLong(get(candidates))), 4))),
    add(at, windowBytes),
    leaveIf(isBelow(get(at), get(last)), 0),
  ),
)

/** The candidates of the next window when there are none left, without those in the text that is done. */
const proceed: Code = all(
  set(word, isZeroLong(get(candidates))),
  set(window, plus(get(window), shifted(get(word), 4))),
  set(candidates, choice(loadLong(get(window)), get(candidates), get(word))),
  set(own, load32(get(window), 8)),
  set(word, minus(get(done), get(own))),
  set(
    candidates,
    andLong(
      get(candidates),
      choice(
        choice(
          leftLong(long(-1n), toLong(get(word))),
          long(0n),
          isBelow(get(word), constant(windowBytes)),
        ),
        long(-1n),
        isAbove(get(done), get(own)),
      ),
    ),
  ),
)

/** Looks closer at the first of the candidates. */
const visit: Code = block(
  leaveIf(isZeroLong(get(candidates)), 0),
  set(place, plus(load32(get(window), 8), toWord(trailingZerosLong(get(candidates))))),
  set(candidates, andLong(get(candidates), minusLong(get(candidates), long(1n)))),
  leaveIf(isAbove(plus(get(place), get(length)), get(end)), 0),
  compare,
  walk,
  leaveIf(isAbove(plus(get(place), get(length)), get(to)), 0),
  refuse,
  note,
)

/**
 * Bit i of `out` says that text i holds the fragment, see `SoughtBytes`; text i is texts[offsets[i] … offsets[i + 1]). The bits were 0
 * and begin a word. Looks at all places where the fragment may begin, 64 at a time, whatever text they are in; goes on behind the text
 * where it stands. `windows` is room of a thread for two words per window.
 */
const holding: WasmFunction = {
  name: 'holding',
  ...locals,
  body: all(
    set(at, plus(get(texts), load32(get(offsets)))),
    set(end, plus(get(texts), load32(plus(get(offsets), shifted(get(count), 2))))),
    set(length, told(head.length)),
    set(first, told(head.places)),
    set(second, told(head.places + 1)),
    set(firstBytes, sixteenOf(told(head.bytes))),
    set(secondBytes, sixteenOf(told(head.bytes + 1))),
    set(firstFolds, sixteenOf(told(head.folds))),
    set(secondFolds, sixteenOf(told(head.folds + 1))),
    set(
      steps,
      plus(
        plus(get(fragment), constant(stepsAt)),
        times(shiftedRight(plus(get(length), constant(7)), 3), constant(stepBytes)),
      ),
    ),
    set(done, get(at)),
    block(
      repeat(
        leaveIf(isAtLeast(get(at), get(end)), 1),
        set(last, plus(get(at), constant(stretchBytes))),
        set(last, choice(get(last), get(end), isBelow(get(last), get(end)))),
        list,
        when(
          isNot(get(listed), get(windows)),
          all(
            set(window, minus(get(windows), constant(16))),
            set(candidates, long(0n)),
            proceed,
            repeat(visit, proceed, leaveIf(isBelow(get(window), get(listed)), 0)),
          ),
        ),
        set(at, choice(get(at), get(done), isAbove(get(at), get(done)))),
        leave(0),
      ),
    ),
  ),
}

/** Kernels that read texts. */
export const textKernels: readonly WasmFunction[] = [holding]
