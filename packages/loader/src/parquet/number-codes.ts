const asNumber = new Float64Array(1)
const asWords = new Uint32Array(asNumber.buffer)

/** Numbers → codes by open addressing on typed arrays, since a Map keeps an object per number. */
export class NumberCodes {
  #numbers = new Float64Array(64)
  #codes = new Uint32Array(64)
  /** Place of a number + 1, 0 = free. */
  #slots = new Uint32Array(128)
  #count = 0

  /** 0 for a number that is not here; no number is NaN. */
  find(number: number): number {
    const mask = this.#slots.length - 1
    let slot = hash(number) & mask
    for (let place = this.#slots[slot]!; place !== 0; place = this.#slots[slot]!) {
      if (this.#numbers[place - 1] === number) return this.#codes[place - 1]!
      slot = (slot + 1) & mask
    }
    return 0
  }

  /** Adds a number that is not here. */
  add(number: number, code: number): void {
    if (this.#count === this.#numbers.length) this.#grow()
    this.#numbers[this.#count] = number
    this.#codes[this.#count] = code
    this.#count += 1
    this.#place(this.#count)
  }

  #place(place: number): void {
    const mask = this.#slots.length - 1
    let slot = hash(this.#numbers[place - 1]!) & mask
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask
    this.#slots[slot] = place
  }

  #grow(): void {
    const numbers = new Float64Array(this.#numbers.length * 2)
    numbers.set(this.#numbers)
    const codes = new Uint32Array(numbers.length)
    codes.set(this.#codes)
    this.#numbers = numbers
    this.#codes = codes
    this.#slots = new Uint32Array(numbers.length * 2)
    for (let place = 1; place <= this.#count; place++) this.#place(place)
  }
}

/** -0 and 0 are the same number. */
function hash(number: number): number {
  asNumber[0] = number + 0
  const mixed = Math.imul(asWords[0]!, 0x9e3779b1) ^ Math.imul(asWords[1]!, 0x85ebca6b)
  return mixed ^ (mixed >>> 15)
}
