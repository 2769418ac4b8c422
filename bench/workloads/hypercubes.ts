import type { CubeQuery } from './task.ts'

export const cubes: readonly CubeQuery[] = [
  {
    name: 'region x year',
    dimensions: ['region', 'year'],
    measures: [{ of: 'sum', field: 'price' }],
  },
  {
    name: 'top 50 products',
    dimensions: ['product_key'],
    measures: [{ of: 'sum', field: 'price' }],
    top: 50,
  },
  {
    name: 'customers by month',
    dimensions: ['month'],
    measures: [{ of: 'distinct', field: 'cust_key' }],
  },
  {
    name: 'by customer',
    dimensions: ['cust_key'],
    measures: [
      { of: 'sum', field: 'price' },
      { of: 'count', field: 'quantity' },
    ],
  },
  {
    name: 'brand x nation',
    dimensions: ['brand', 'nation'],
    measures: [{ of: 'average', field: 'price' }],
  },
  {
    name: 'KPIs',
    dimensions: [],
    measures: [
      { of: 'sum', field: 'price' },
      { of: 'sum', field: 'quantity' },
      { of: 'average', field: 'discount' },
      { of: 'least', field: 'price' },
      { of: 'largest', field: 'price' },
      { of: 'count', field: 'quantity' },
      { of: 'distinct', field: 'cust_key' },
    ],
  },
]
