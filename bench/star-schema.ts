/** A star schema by shape: `rows` facts over products, customers and days, skewed as real sales are. The same seed gives the same data. */
export interface StarSchema {
  readonly facts: {
    readonly product: Int32Array
    readonly customer: Int32Array
    readonly day: Int32Array
    readonly amount: Float64Array
  }
  readonly products: { readonly product: Int32Array; readonly category: readonly string[] }
  readonly customers: { readonly customer: Int32Array; readonly region: readonly string[] }
}

export function starSchema(rows: number, seed: number): StarSchema {
  const random = mulberry(seed)
  const productCount = 2000
  const customerCount = Math.max(100, Math.floor(rows / 100))
  const skewed = (count: number): number => Math.floor(count * random() ** 2)
  const facts = {
    product: Int32Array.from({ length: rows }, () => skewed(productCount)),
    customer: Int32Array.from({ length: rows }, () => skewed(customerCount)),
    day: Int32Array.from({ length: rows }, () => 45_000 + Math.floor(random() * 730)),
    amount: Float64Array.from({ length: rows }, () => Math.floor(random() * 10_000) / 4),
  }
  return {
    facts,
    products: {
      product: Int32Array.from({ length: productCount }, (_, product) => product),
      category: Array.from({ length: productCount }, (_, product) => `Category ${product % 12}`),
    },
    customers: {
      customer: Int32Array.from({ length: customerCount }, (_, customer) => customer),
      region: Array.from({ length: customerCount }, (_, customer) => `Region ${customer % 7}`),
    },
  }
}

/** Mulberry32, a public-domain generator of 32-bit state. */
function mulberry(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
