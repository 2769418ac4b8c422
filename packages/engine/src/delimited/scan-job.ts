/** Words of a job, by number: what the kernel is told, and behind it what it tells. Addresses count from the start of the memory, in bytes. */
export const job = {
  /** Address of the first record. */
  from: 0,
  /** Address behind the last line end. */
  last: 1,
  /** Address of a pair of words per cell of a record: offset of its column in `starts`, `ends` and `numerals`, and of its marks, -1 for none. */
  cells: 2,
  fields: 3,
  /** Most rows. */
  capacity: 4,
  starts: 5,
  ends: 6,
  numerals: 7,
  /** The address that places are counted from. */
  base: 8,
  delimiter: 9,
  /** 0 for none, 1 for standard, 2 for msq. */
  quoting: 10,
  /** Address of the tables of marks, and the mark of the first place there. */
  marks: 11,
  firstMark: 12,
  /** Address of room for cells with doubled quotes, and where it ends. */
  composed: 13,
  composedEnd: 14,
  /** Told: rows read, and the address of the first record not read. */
  rows: 15,
  at: 16,
} as const

/** Places of a table of marks, a power of two, and the bytes of each. */
export const markPlaces: number = 1 << 12
export const markBytes = 16
