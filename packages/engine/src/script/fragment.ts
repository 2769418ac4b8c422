import type { Span } from '../base/errors.ts'

/** All spans are offsets into the (expanded) text of the one statement. */
export interface Name {
  readonly text: string
  readonly quoted: boolean
  readonly span: Span
}

/** The text of an expression; parsed when the statement runs. */
export interface Fragment {
  readonly text: string
  readonly span: Span
}
