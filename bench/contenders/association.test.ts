import { expect, test } from 'vitest'
import { models } from '../workloads/model.ts'
import type { CubeQuery } from '../workloads/task.ts'
import { Association } from './association.ts'

const byYear: CubeQuery = {
  name: 'by year',
  dimensions: ['year'],
  measures: [{ of: 'sum', field: 'price' }],
}

test('a table without a selection behind it says nothing', () => {
  const statement = new Association(models.nulls, []).states(['region', 'cust_key'])
  expect(statement).toContain('SELECT DISTINCT region FROM customers WHERE region IS NOT NULL')
  expect(statement).toContain(
    '(SELECT cust_key FROM sales UNION ALL SELECT cust_key FROM customers)',
  )
  expect(statement).not.toContain(' IN ')
})

test('sales follow a selection two tables away by the keys between', () => {
  const groups = [{ field: 'tag_group', values: ['Group 2'] }]
  expect(new Association(models.bridge, groups).cube(byYear)).toContain(
    "(SELECT date_key, price FROM sales WHERE product_key IN (SELECT product_key FROM product_tags WHERE tag IN (SELECT tag FROM tags WHERE tag_group IN ('Group 2'))))",
  )
})

test('values of a selected field are found without its selection, those of others in the possible rows', () => {
  const selections = [
    { field: 'region', values: ['Asia'] },
    { field: 'year', values: [1995] },
  ]
  const statement = new Association(models.nulls, selections).states(['region', 'nation'])
  expect(statement).toContain(
    'SELECT DISTINCT region FROM customers WHERE cust_key IN (SELECT cust_key FROM sales WHERE date_key IN (SELECT date_key FROM dates WHERE year IN (1995)))',
  )
  expect(statement).toContain('SELECT DISTINCT nation FROM p_customers')
  expect(statement).toContain("region IN ('Asia') AND cust_key IN (SELECT cust_key FROM p_sales)")
})

test('joins keep what has no partner only where keys are missing', () => {
  expect(new Association(models.nulls, []).cube(byYear)).toContain('sales FULL JOIN dates')
  expect(new Association(models.texts, []).cube(byYear)).toContain('sales JOIN dates')
})
