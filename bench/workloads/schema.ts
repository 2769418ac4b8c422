/** The star as the contenders know it: which fields a table has and which field ties it to the sales. */
export interface DimensionTable {
  readonly table: string
  readonly key: string
  readonly fields: readonly string[]
}

export const factTable = 'sales'

export const factFields: readonly string[] = [
  'order_key',
  'cust_key',
  'product_key',
  'date_key',
  'supplier_key',
  'quantity',
  'discount',
  'price',
  'status',
  'ship_mode',
]

export const dimensionTables: readonly DimensionTable[] = [
  {
    table: 'customers',
    key: 'cust_key',
    fields: ['nation', 'region', 'segment', 'city'],
  },
  {
    table: 'products',
    key: 'product_key',
    fields: ['brand', 'category', 'color', 'size', 'container'],
  },
  {
    table: 'suppliers',
    key: 'supplier_key',
    fields: ['supplier_nation', 'supplier_region', 'rating'],
  },
  { table: 'dates', key: 'date_key', fields: ['year', 'quarter', 'month', 'weekday'] },
]

export const allFields: readonly string[] = [
  ...factFields,
  ...dimensionTables.flatMap(({ fields }) => fields),
]

export const textFields: ReadonlySet<string> = new Set([
  'status',
  'ship_mode',
  'nation',
  'region',
  'segment',
  'city',
  'brand',
  'category',
  'color',
  'container',
  'supplier_nation',
  'supplier_region',
  'quarter',
  'weekday',
  'tag',
  'tag_group',
  'note',
])

/** Fields of more values than anybody reads: of their possible values only the number and the sum are answered, of texts the sum of lengths. */
export const largeFields: ReadonlySet<string> = new Set([
  'order_key',
  'cust_key',
  'product_key',
  'price',
  'note',
])

/** The dimension table a field belongs to; undefined for fields of the sales, keys among them. */
export function dimensionOf(field: string): DimensionTable | undefined {
  return dimensionTables.find(({ fields }) => fields.includes(field))
}
