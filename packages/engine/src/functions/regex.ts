import {
  type Assertion,
  type CodeTest,
  isWordCode,
  parseRegex,
  type RegexNode,
} from './regex-syntax.ts'

/** One match: `[start, end)` of the whole and of each group in characters, -1 for groups that took no part. */
export type RegexMatch = readonly number[]

type Instruction =
  | { readonly type: 'one'; readonly test: CodeTest }
  | { readonly type: 'fork'; first: number; second: number }
  | { readonly type: 'jump'; to: number }
  | { readonly type: 'save'; readonly slot: number }
  | { readonly type: 'assert'; readonly kind: Assertion }
  | { readonly type: 'done' }

const maxInstructions = 20_000
const atStart: RegexNode = { type: 'assertion', kind: 'start' }
const atEnd: RegexNode = { type: 'assertion', kind: 'end' }

/**
 * A compiled regular expression. All ways to match advance together, one character at a time, so the time is bounded by text
 * length times pattern size. Source of the method: https://swtch.com/~rsc/regexp/regexp2.html
 */
export class Regex {
  readonly #program: readonly Instruction[]
  readonly #slots: number

  private constructor(program: readonly Instruction[], groups: number) {
    this.#program = program
    this.#slots = 2 * (groups + 1)
  }

  /**
   * Undefined when the pattern is malformed, uses back references or look-around, or is too large. With `whole` a match begins and
   * ends where the text does.
   */
  static compile(pattern: string, ignoreCase: boolean, whole = false): Regex | undefined {
    const parsed = parseRegex(pattern, ignoreCase)
    if (parsed === undefined) return undefined
    const program: Instruction[] = []
    const item: RegexNode = whole
      ? { type: 'sequence', items: [atStart, parsed.tree, atEnd] }
      : parsed.tree
    const fits =
      emit({ type: 'group', item, index: 0 }, program) && program.length < maxInstructions
    program.push({ type: 'done' })
    return fits ? new Regex(program, parsed.groups) : undefined
  }

  /** Matches from left to right that do not overlap. */
  *matches(characters: readonly string[]): Generator<RegexMatch> {
    const codes = Int32Array.from(characters, (character) => character.codePointAt(0) ?? 0)
    for (let from = 0; from <= codes.length; ) {
      const match = this.#search(codes, from)
      if (match === undefined) return
      yield match
      const end = match[1] ?? codes.length
      from = end > (match[0] ?? end) ? end : end + 1
    }
  }

  #search(codes: Int32Array, from: number): RegexMatch | undefined {
    const seen = new Int32Array(this.#program.length).fill(-1)
    let threads: Thread[] = []
    let found: RegexMatch | undefined
    for (let at = from; at <= codes.length; at += 1) {
      if (found === undefined)
        this.#follow(
          { at: 0, slots: new Array<number>(this.#slots).fill(-1) },
          codes,
          at,
          threads,
          seen,
        )
      if (threads.length === 0 && found !== undefined) break
      const next: Thread[] = []
      for (const thread of threads) {
        const instruction = this.#program[thread.at]
        if (instruction?.type === 'done') {
          found = thread.slots
          // Later threads are less preferred ways to match.
          break
        }
        if (instruction?.type === 'one' && at < codes.length && instruction.test(codes[at] ?? -1))
          this.#follow({ at: thread.at + 1, slots: thread.slots }, codes, at + 1, next, seen)
      }
      threads = next
    }
    return found
  }

  /** Adds every instruction reachable without reading a character, in order of preference. `seen` holds the position of the last visit. */
  #follow(start: Thread, codes: Int32Array, at: number, threads: Thread[], seen: Int32Array): void {
    const stack = [start]
    for (let thread = stack.pop(); thread !== undefined; thread = stack.pop()) {
      if (seen[thread.at] === at) continue
      seen[thread.at] = at
      const instruction = this.#program[thread.at]
      if (instruction === undefined) continue
      if (instruction.type === 'jump') stack.push({ at: instruction.to, slots: thread.slots })
      else if (instruction.type === 'fork') {
        stack.push({ at: instruction.second, slots: thread.slots })
        stack.push({ at: instruction.first, slots: thread.slots })
      } else if (instruction.type === 'save') {
        const slots = [...thread.slots]
        slots[instruction.slot] = at
        stack.push({ at: thread.at + 1, slots })
      } else if (instruction.type === 'assert') {
        if (holds(instruction.kind, codes, at))
          stack.push({ at: thread.at + 1, slots: thread.slots })
      } else threads.push(thread)
    }
  }
}

interface Thread {
  readonly at: number
  readonly slots: readonly number[]
}

function holds(kind: Assertion, codes: Int32Array, at: number): boolean {
  if (kind === 'start') return at === 0
  if (kind === 'end') return at === codes.length
  const boundary = isWordCode(codes[at - 1] ?? -1) !== isWordCode(codes[at] ?? -1)
  return boundary === (kind === 'boundary')
}

/** Appends the instructions of a node; false when the program grows too large. */
function emit(node: RegexNode, program: Instruction[]): boolean {
  if (program.length >= maxInstructions) return false
  switch (node.type) {
    case 'one':
      program.push(node)
      return true
    case 'assertion':
      program.push({ type: 'assert', kind: node.kind })
      return true
    case 'sequence':
      return node.items.every((item) => emit(item, program))
    case 'group': {
      program.push({ type: 'save', slot: node.index * 2 })
      const fits = emit(node.item, program)
      program.push({ type: 'save', slot: node.index * 2 + 1 })
      return fits
    }
    case 'choice':
      return emitChoice(node.options, program)
    case 'repeat':
      return emitRepeat(node, program)
  }
}

function emitChoice(options: readonly RegexNode[], program: Instruction[]): boolean {
  const jumps: { type: 'jump'; to: number }[] = []
  for (const [index, option] of options.entries()) {
    if (index === options.length - 1) {
      if (!emit(option, program)) return false
      continue
    }
    const fork = { type: 'fork' as const, first: program.length + 1, second: 0 }
    program.push(fork)
    if (!emit(option, program)) return false
    const jump = { type: 'jump' as const, to: 0 }
    program.push(jump)
    jumps.push(jump)
    fork.second = program.length
  }
  for (const jump of jumps) jump.to = program.length
  return true
}

function emitRepeat(
  { item, least, most, greedy }: Extract<RegexNode, { type: 'repeat' }>,
  program: Instruction[],
): boolean {
  for (let count = 0; count < least; count += 1) if (!emit(item, program)) return false
  const endless = most === Number.POSITIVE_INFINITY
  const forks: { type: 'fork'; first: number; second: number }[] = []
  for (let count = 0; count < (endless ? 1 : most - least); count += 1) {
    const start = program.length
    const fork = { type: 'fork' as const, first: start + 1, second: start + 1 }
    program.push(fork)
    forks.push(fork)
    if (!emit(item, program)) return false
    if (endless) program.push({ type: 'jump', to: start })
  }
  for (const fork of forks) {
    if (greedy) fork.second = program.length
    else fork.first = program.length
  }
  return true
}
