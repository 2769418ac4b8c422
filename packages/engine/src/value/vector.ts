import { Dual, type Value, ValueKind } from './dual.ts'

/** Rows per block of evaluation. */
export const blockRows = 1024

/**
 * A column of up to `capacity` values in evaluation. Slot i is described by `kinds[i]` (ValueKind); `numbers[i]` is valid where the kind has bit 1,
 * `texts[i]` where it has bit 2. Stale slots may hold anything. Owned by the evaluator that made it and reused block after block.
 */
export class Vector {
  readonly kinds: Uint8Array
  readonly numbers: Float64Array
  readonly texts: string[]
  constructor(capacity: number = blockRows) {
    this.kinds = new Uint8Array(capacity)
    this.numbers = new Float64Array(capacity)
    this.texts = []
  }

  get(slot: number): Value {
    switch (this.kinds[slot]) {
      case ValueKind.Number:
        return this.numbers[slot]!
      case ValueKind.Text:
        return this.texts[slot]!
      case ValueKind.Dual:
        return new Dual(this.texts[slot]!, this.numbers[slot]!)
      default:
        return null
    }
  }

  set(slot: number, value: Value): void {
    if (value === null) this.kinds[slot] = ValueKind.Null
    else if (typeof value === 'number') this.setNumber(slot, value)
    else if (typeof value === 'string') {
      this.kinds[slot] = ValueKind.Text
      this.texts[slot] = value
    } else {
      this.kinds[slot] = ValueKind.Dual
      this.numbers[slot] = value.number
      this.texts[slot] = value.text
    }
  }

  /** A number without text; NaN and infinities become NULL. */
  setNumber(slot: number, number: number): void {
    this.kinds[slot] = Number.isFinite(number) ? ValueKind.Number : ValueKind.Null
    this.numbers[slot] = number
  }
}
