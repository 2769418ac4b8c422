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
