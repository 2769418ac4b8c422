/** Words of a job, by number. Addresses count from the start of the memory, in bytes. */
export const job = {
  /** Told: whether all is read that can be; else the job can be gone on with. */
  isDone: 0,
  /** Address behind the last line end. */
  last: 1,
  /** Address of the words of the cells of a record, see `cellWord`. */
  cells: 2,
  fields: 3,
  /** Most rows. */
  capacity: 4,
  starts: 5,
  ends: 6,
  marks: 7,
  /** The address that places are counted from. */
  base: 8,
  delimiter: 9,
  /** 0 for none, 1 for standard, 2 for msq. */
  quoting: 10,
  /** Address of room for cells with doubled quotes, which moves as it is used, and where it ends. */
  composed: 11,
  composedEnd: 12,
  /** Address of a word per cell of a record, in which is told what the largest mark of its column may be, -1 when a cell has none above 0. */
  most: 13,
  /** Address of the job to do next, 0 for none. */
  next: 14,
  /** Rows read, and the address of the first record not read. */
  rows: 15,
  at: 16,
} as const

/** Where the word is, in bytes, that stops jobs when it is not 0, behind the record at hand. */
export const stopAt: number = (64 << 10) - 4

/** Words of a cell of a record, by number. */
export const cellWord = {
  /** Offset of its column in `starts`, `ends` and `marks`, in bytes. */
  entries: 0,
  /** Address of the tables of its column's marks, 0 for none. */
  tables: 1,
  /** Told: marks given so far. */
  marks: 2,
  /** Told: how many decimals the first numeral had, and 1; 0 before. */
  decimals: 3,
  /** Told: where each table ends that has something in it, 0 when it has not. */
  digitsEnd: 4,
  numbersEnd: 5,
  textsEnd: 6,
} as const

export const cellBytes = 32

/** Places of the tables of one column, powers of two: for numerals by their digits, for other numerals, and for texts. */
export const digitPlaces: number = 1 << 20
export const numberPlaces: number = 1 << 17
export const textPlaces: number = 1 << 16
/** Bytes of a place for a text. */
export const textBytes = 24
/** Places looked at for one cell; so many are behind the last. */
export const markTries = 8
/** Where the tables of a column begin behind the first, in bytes, and where they end. */
export const numbersAt: number = digitPlaces * 4
export const textsAt: number = numbersAt + (numberPlaces + markTries) * 8
export const tablesEnd: number = textsAt + (textPlaces + markTries) * textBytes

/** Of the tables of a column: the word that tells their end, and where they begin behind the first. */
export const tableStarts: readonly (readonly [number, number])[] = [
  [cellWord.digitsEnd, 0],
  [cellWord.numbersEnd, numbersAt],
  [cellWord.textsEnd, textsAt],
]
/** Bytes of the longest text that gets a mark. */
export const longestMarked = 15
