export type SheetCell =
  | string
  | number
  | null
  | { readonly t: 'n'; readonly v: number; readonly z: string }

interface Sheet {
  readonly '!ref'?: string
}
interface Book {
  readonly SheetNames: readonly string[]
  readonly Sheets: Readonly<Record<string, Sheet>>
}

/** The part of @e965/xlsx used here. */
export interface XlsxPackage {
  read(bytes: Uint8Array, options: { readonly dense: boolean }): Book
  write(
    book: Book,
    options: { readonly type: 'buffer'; readonly compression: boolean; readonly bookSST: boolean },
  ): Uint8Array
  readonly utils: {
    aoa_to_sheet(rows: readonly SheetCell[][], options: { readonly dense: boolean }): Sheet
    book_new(sheet: Sheet, name: string): Book
    sheet_to_json(sheet: Sheet): Record<string, unknown>[]
  }
}
