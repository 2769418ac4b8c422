import { describe, expect, test } from 'vitest'
import { createApp } from './app.ts'

describe('what an expression depends on', () => {
  test('fields, functions, variables and sets', async () => {
    const app = await createApp({
      script: `SET vFactor = 2; SET vBare = 3; LET vMeasure = 'Sum(Amount) * $' & '(vFactor)';
T: LOAD * INLINE [
Amount, Year, Region, City
1, 2024, N, Oslo
];`,
    })
    expect(app.dependencies('$(vMeasure) + vBare')).toEqual({
      fields: ['Amount'],
      functions: ['Sum'],
      variables: ['vMeasure', 'vFactor', 'vBare'],
      sets: [],
      unknown: [],
    })
    expect(
      app.dependencies(
        "{Mark<Year={2024}>} count(DISTINCT City) / Sum({1<Region=P({Other} Shop)-{'x'}>} TOTAL <City> Amount) + COUNT(Nothing)",
      ),
    ).toEqual({
      fields: ['Year', 'City', 'Region', 'Amount'],
      functions: ['count', 'Sum'],
      variables: [],
      sets: ['Mark', 'Other'],
      unknown: ['Shop', 'Nothing'],
    })
    expect(() => app.dependencies('Sum(Amount')).toThrow(
      expect.objectContaining({ code: 'expression-syntax' }),
    )
  })

  test('known functions that are not carried out are refused where they stand', async () => {
    const app = await createApp({ script: 'T: LOAD 1 as A AUTOGENERATE 1;' })
    expect(app.check('Sum(A) + MutualInfo(A, A)')).toMatchObject([
      { code: 'unsupported-function', span: { start: 9, end: 19 } },
    ])
  })
})
