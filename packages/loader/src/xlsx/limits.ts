/** What a workbook may cost before it is taken for an attack. */
export interface XlsxLimits {
  /** Files in the archive. */
  readonly entries: number
  /** Bytes one file of the archive may unpack to. */
  readonly partBytes: number
  /** Bytes a file that describes the workbook may unpack to: its sheets, names and styles. */
  readonly bookBytes: number
  /** Bytes of all shared strings, which are kept in memory. */
  readonly stringBytes: number
  /** Bytes of all labels. */
  readonly labelBytes: number
  /** Unpacked bytes for each packed one, past the first megabyte. */
  readonly ratio: number
  /** Bytes of one tag, one run of text or the text of one cell. */
  readonly tokenBytes: number
  /** Elements inside one another. */
  readonly depth: number
}

export const defaultLimits: XlsxLimits = {
  entries: 10_000,
  partBytes: 8 * 2 ** 30,
  bookBytes: 64 << 20,
  stringBytes: 2 ** 29,
  labelBytes: 16 << 20,
  ratio: 250,
  tokenBytes: 4 << 20,
  depth: 256,
}

/** Rows and columns a sheet can have. Source: https://support.microsoft.com/en-us/office/excel-specifications-and-limits-1672b34d-7043-467e-8e27-269d656771c3 */
export const maxRows = 1_048_576
export const maxColumns = 16_384
