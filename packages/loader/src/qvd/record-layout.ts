/** Where a field stands in a record. Bits count from the record's least significant. */
export interface BitPlace {
  readonly bitOffset: number
  readonly bitWidth: number
}

export interface RecordLayout {
  /** In field order. */
  readonly places: readonly BitPlace[]
  readonly recordBytes: number
}

/** Bits that one exact combination of fields makes up. */
const wordBits = 32
/** Fields are spread over units of at most so many bits, each of whole bytes. */
const unitBits = 64

/** The bits that hold every value up to `largest`; 0 for a field that is the same in all records. */
export function bitsOf(largest: number): number {
  return largest <= 0 ? 0 : 32 - Math.clz32(largest)
}

/**
 * Places fields of the widths given as the files of Qlik products do. The rule is not published; this one gives the places in every file we
 * have. Widths make up the record: bits to spare go to fields, each of which they bring to the next byte. Where no field takes a bit the
 * last one gets the byte that a record has at least.
 */
export function layOut(bits: readonly number[]): RecordLayout {
  const places: BitPlace[] = bits.map(() => ({ bitOffset: 0, bitWidth: 0 }))
  const order = recordOrder(bits)
  if (order.length === 0) {
    places[places.length - 1] = { bitOffset: 0, bitWidth: 8 }
    return { places, recordBytes: 1 }
  }
  let end = 0
  for (const unit of unitsOf(order, bits)) {
    let spare = toByte(sum(unit, bits))
    for (const field of unit) {
      const bitOffset = end
      end += bits[field]!
      if (toByte(end) <= spare) {
        spare -= toByte(end)
        end += toByte(end)
      }
      places[field] = { bitOffset, bitWidth: end - bitOffset }
    }
  }
  return { places, recordBytes: end / 8 }
}

/** The widest field, then, narrowest first, fields that with it make up a word, if there are such; and so on. Fields without bits have no place. */
function recordOrder(bits: readonly number[]): number[] {
  const byWidth = (left: number, right: number): number => bits[left]! - bits[right]!
  let waiting = [...bits.keys()]
    .filter((field) => bits[field]! > 0)
    .sort((left, right) => byWidth(right, left))
  const order: number[] = []
  while (waiting.length > 0) {
    const [widest = 0, ...others] = waiting
    const word = new Set(makingUp(wordBits - bits[widest]!, others, bits))
    order.push(widest, ...[...word].sort((left, right) => byWidth(left, right) || left - right))
    waiting = others.filter((field) => !word.has(field))
  }
  return order
}

/**
 * Fields whose widths make up `total` exactly, empty when none do: of several choices the one that the fewest fields, taken in order, allow.
 * For each total up to the wanted one `last` tells the field with which it was reached first.
 */
function makingUp(total: number, fields: readonly number[], bits: readonly number[]): number[] {
  const last: (number | undefined)[] = []
  for (const field of fields) {
    if (last[total] !== undefined) break
    const width = bits[field]!
    for (let reached = total; reached >= width; reached--)
      if (reached === width || last[reached - width] !== undefined) last[reached] ??= field
  }
  const chosen: number[] = []
  for (let left = total; left > 0; ) {
    const field = last[left]
    if (field === undefined) return []
    chosen.push(field)
    left -= bits[field]!
  }
  return chosen
}

function unitsOf(order: readonly number[], bits: readonly number[]): number[][] {
  const units: number[][] = []
  let filled = unitBits
  for (const field of order) {
    filled += bits[field]!
    if (filled > unitBits) {
      units.push([])
      filled = bits[field]!
    }
    units[units.length - 1]!.push(field)
  }
  return units
}

function sum(fields: readonly number[], bits: readonly number[]): number {
  return fields.reduce((total, field) => total + bits[field]!, 0)
}

/** Bits from a place to the next byte. */
function toByte(bits: number): number {
  return (8 - (bits & 7)) & 7
}
