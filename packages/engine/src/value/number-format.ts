/** How a number is shown: which family of pattern, and the pattern. A field's or measure's format. */
export interface NumberFormat {
  readonly kind:
    | 'number'
    | 'integer'
    | 'fixed'
    | 'money'
    | 'date'
    | 'time'
    | 'timestamp'
    | 'interval'
  /** Format codes, e.g. `#,##0.00` or `YYYY-MM-DD`. */
  readonly pattern: string
  readonly decimalSeparator?: string
  readonly thousandSeparator?: string
}

/** Whether both show every number alike as far as can be told by their parts. */
export function sameFormat(left: NumberFormat | null, right: NumberFormat | null): boolean {
  if (left === right) return true
  if (left === null || right === null) return false
  return (
    left.kind === right.kind &&
    left.pattern === right.pattern &&
    left.decimalSeparator === right.decimalSeparator &&
    left.thousandSeparator === right.thousandSeparator
  )
}
