import type { Span } from '../base/errors.ts'
import type { Lexer } from './lexer.ts'

/** No tree is higher, no source longer: recursion over a parsed tree needs no guard of its own. */
export const maxDepth = 1000
export const maxTokens = 1_000_000

/** Ends a parse that passed a limit; the entry points turn it into a diagnostic. */
export class ParseStop extends Error {
  readonly span: Span
  constructor(message: string, span: Span) {
    super(message)
    this.span = span
  }
}

/** Keeps recursion and tree height under `maxDepth`; chains such as a+b+c grow the height without recursion. */
export class Nesting {
  readonly lexer: Lexer
  #depth = 0
  /** Height of the node made last. */
  height = 0

  constructor(lexer: Lexer) {
    this.lexer = lexer
  }

  enter(): void {
    this.#depth += 1
    if (this.#depth > maxDepth) this.#stop()
    if (this.lexer.taken > maxTokens) {
      throw new ParseStop(`An expression may have ${maxTokens} tokens at most`, this.#here())
    }
  }

  leave(): void {
    this.#depth -= 1
  }

  /** Records the height of a node above children of the given height. */
  raise(childHeight: number): number {
    this.height = childHeight + 1
    if (this.height > maxDepth) this.#stop()
    return this.height
  }

  #stop(): never {
    throw new ParseStop(
      `Nested deeper than ${maxDepth} levels; move a part into a variable or a field`,
      this.#here(),
    )
  }

  #here(): Span {
    return { start: this.lexer.lastEnd, end: this.lexer.lastEnd }
  }
}
