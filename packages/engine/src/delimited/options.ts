import { LichenError } from '../base/errors.ts'
import type { Encoding } from './encoding.ts'

/**
 * How a delimited text is read.
 * Source: https://help.qlik.com/en-US/sense/Subsystems/Hub/Content/Sense_Hub/Scripting/ScriptPrefixes/Load.htm (format-spec items)
 */
export interface DelimitedOptions {
  /** Any text (`,` `;` `\t` `||`), or `spaces` for runs of blanks and tabs. Default `,`. */
  readonly delimiter?: string
  /**
   * `standard`: a cell that begins with `"` goes on to the closing `"`, over delimiters and line ends, and `""` stands for `"`.
   * `msq`: the same, also after blanks, and `'` around a whole cell quotes it too (within its line).
   * Text after a closing quote belongs to the cell. Default `msq`.
   */
  readonly quoting?: 'msq' | 'standard' | 'none'
  /** Lines before the labels, skipped unread. Default 0. */
  readonly headerLines?: number
  /** Lines that begin so are no records. */
  readonly comment?: string
  /** `embedded`: the first record names the fields; `none`: they are called @1, @2 …; or the names themselves. Default `embedded`. */
  readonly labels?: 'embedded' | 'none' | readonly string[]
  /** Default `utf8`; a byte order mark decides over it, except for the single-byte encodings. */
  readonly encoding?: Encoding
  /** A record with more cells than there are fields, the last of them not all empty. Default `error`. */
  readonly extraCells?: 'error' | 'drop'
  /** Whether cells are to be read by the format variables. Default true. */
  readonly interpret?: boolean
  /** Bytes one record may take, so that an unclosed quote does not collect the whole file. Default 16 MiB. */
  readonly maxRecordBytes?: number
  /** Most records of a batch. Default 65,536. */
  readonly batchRows?: number
  /** What errors call the source. */
  readonly name?: string
}

/** @throws LichenError `invalid-argument` */
export function checkOptions(options: DelimitedOptions): void {
  if (options.delimiter === '') refuse('delimiter must not be empty')
  if (/[\r\n"]/.test(options.delimiter ?? ''))
    refuse('delimiter must not hold a quote or a line end')
  if (options.comment === '') refuse('comment must not be empty')
  if (
    options.headerLines !== undefined &&
    !(Number.isInteger(options.headerLines) && options.headerLines >= 0)
  ) {
    refuse('headerLines must be a whole number')
  }
  if (
    options.batchRows !== undefined &&
    !(Number.isInteger(options.batchRows) && options.batchRows > 0)
  ) {
    refuse('batchRows must be a positive whole number')
  }
}

function refuse(why: string): never {
  throw new LichenError('invalid-argument', `Delimited text: ${why}`)
}
