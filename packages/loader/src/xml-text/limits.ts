/** What an XML text may cost before it is taken for an attack. */
export interface XmlLimits {
  /** Bytes of one tag or one run of text. */
  readonly tokenBytes: number
  /** Elements inside one another. */
  readonly depth: number
}
