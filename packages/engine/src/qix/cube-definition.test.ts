import { describe, expect, test } from 'vitest'
import { environmentOf } from '../../test/oracle/environment.ts'
import { loadView } from '../../test/oracle/load.ts'
import type { JsonObject } from '../app/document.ts'
import { computeCube } from '../hypercube/straight.ts'
import { cubeDefinition, cubeDimension } from './cube-definition.ts'
import { QixError } from './error-codes.ts'

const noLibrary = () => undefined

const dimension = (qOtherTotalSpec: JsonObject, more: JsonObject = {}): JsonObject => ({
  qDef: { qFieldDefs: ['Cust'] },
  qOtherTotalSpec,
  ...more,
})
const limitOf = (spec: JsonObject, more: JsonObject = {}) =>
  cubeDimension(dimension(spec, more), noLibrary).limit

// https://help.qlik.com/en-US/sense-developer/Subsystems/EngineJSONAPI/Content/models-othertotalspecprop.htm
describe('OtherTotalSpecProp', () => {
  test('without a mode there is no limit', () => {
    expect(limitOf({})).toBeUndefined()
    expect(limitOf({ qOtherMode: 'OTHER_OFF', qOtherCounted: { qv: '3' } })).toBeUndefined()
    expect(cubeDimension({ qDef: { qFieldDefs: ['Cust'] } }, noLibrary).limit).toBeUndefined()
  })

  test.each<[JsonObject, object]>([
    [
      { qOtherMode: 'OTHER_COUNTED', qOtherCounted: { qv: '3' } },
      { mode: 'counted', count: 3, from: 'largest', others: true, countOthers: true },
    ],
    [
      {
        qOtherMode: 'OTHER_COUNTED',
        qOtherCounted: { qv: '=vTop' },
        qOtherSortMode: 'OTHER_SORT_ASCENDING',
        qSuppressOther: true,
      },
      { mode: 'counted', count: '=vTop', from: 'smallest', others: false, countOthers: false },
    ],
    [
      {
        qOtherMode: 'OTHER_ABS_LIMITED',
        qOtherLimit: { qv: '1.5' },
        qOtherLimitMode: 'OTHER_GE_LIMIT',
      },
      { mode: 'exact', compare: '>=', value: 1.5, others: true, keepNonNumbers: true },
    ],
    [
      {
        qOtherMode: 'OTHER_ABS_LIMITED',
        qOtherLimit: { qv: 'Avg(X)' },
        qForceBadValueKeeping: false,
      },
      { mode: 'exact', compare: '>', value: 'Avg(X)', others: true, keepNonNumbers: false },
    ],
    [
      {
        qOtherMode: 'OTHER_REL_LIMITED',
        qOtherLimit: { qv: '10%' },
        qOtherLimitMode: 'OTHER_LE_LIMIT',
      },
      { mode: 'relative', compare: '<=', percent: 10, others: true, keepNonNumbers: true },
    ],
    [
      {
        qOtherMode: 'OTHER_ABS_ACC_TARGET',
        qOtherLimit: '70',
        qOtherLimitMode: 'OTHER_LT_LIMIT',
        qOtherSortMode: 'OTHER_SORT_DEFAULT',
      },
      {
        mode: 'accumulated',
        compare: '<',
        value: 70,
        from: 'first',
        others: true,
        keepNonNumbers: true,
      },
    ],
    [
      {
        qOtherMode: 'OTHER_REL_ACC_TARGET',
        qOtherLimit: { qExpr: '=vShare' },
        qReferencedExpression: { qv: 'Profit' },
        qGlobalOtherGrouping: true,
        qOtherCollapseInnerDimensions: true,
      },
      {
        mode: 'accumulated-relative',
        compare: '>',
        percent: '=vShare',
        from: 'largest',
        others: true,
        keepNonNumbers: true,
        by: 'Profit',
        within: 'all',
        collapseInner: true,
      },
    ],
  ])('%j', (spec, limit) => {
    expect(limitOf(spec)).toEqual(limit)
  })

  test('the label of Others stands beside it', () => {
    const counted = { qOtherMode: 'OTHER_COUNTED', qReferencedExpression: {} }
    expect(limitOf(counted, { qOtherLabel: { qv: 'Rest' } })?.othersLabel).toBe('Rest')
    expect(limitOf(counted, { qOtherLabel: "='a'" })?.othersLabel).toBe("='a'")
    expect(limitOf(counted, { qOtherLabel: { qv: '' } })).not.toHaveProperty('othersLabel')
    expect(limitOf(counted)).not.toHaveProperty('by')
  })

  test.each([
    ['qOtherMode', { qOtherMode: 'OTHER_SOME' }],
    ['qOtherLimitMode', { qOtherMode: 'OTHER_ABS_LIMITED', qOtherLimitMode: '>=' }],
    ['qOtherSortMode', { qOtherMode: 'OTHER_COUNTED', qOtherSortMode: 'toString' }],
  ])('%s has no other names', (parameter, spec) => {
    expect(() => limitOf(spec)).toThrow(expect.objectContaining({ parameter }))
    expect(() => limitOf(spec)).toThrow(QixError)
  })

  test('a total belongs to the dimension', () => {
    const total = (def: JsonObject, more: JsonObject) =>
      cubeDefinition({ ...def, qDimensions: [dimension({}, more)] }, undefined, noLibrary)
        .dimensions[0]
    expect(total({}, {})).not.toHaveProperty('total')
    expect(total({}, { qOtherTotalSpec: { qTotalMode: 'TOTAL_EXPR' } })).toHaveProperty(
      'total',
      'after',
    )
    expect(
      total({ qShowTotalsAbove: true }, { qShowTotal: true, qTotalLabel: { qv: 'All' } }),
    ).toMatchObject({ total: 'before', totalLabel: 'All' })
  })
})

// "If qSuppressOther is not defined … the value counts as 1": https://qlik.dev/embed/capability-api/customize/dimensions-and-measures/dimension-limits
test('the top 3 are two values and Others, or three values without', () => {
  const amounts = [40, 30, 20, 10]
  const view = loadView([
    {
      name: 'Sales',
      fields: ['Cust', 'Amount'],
      rows: ['a', 'b', 'c', 'd'].map((cust, at) => [cust, amounts[at] ?? 0]),
    },
  ])
  const top3 = (qSuppressOther: boolean) => {
    const spec = { qOtherMode: 'OTHER_COUNTED', qOtherCounted: { qv: '3' }, qSuppressOther }
    const cube = computeCube(
      cubeDefinition(
        { qDimensions: [dimension(spec)], qMeasures: [{ qDef: { qDef: 'Sum(Amount)' } }] },
        undefined,
        noLibrary,
      ),
      environmentOf(view),
    )
    return cube.page(0, 0, 2, 9).map((row) => row.map(({ text }) => text).join(' '))
  }
  expect(top3(false).sort()).toEqual(['Others 30', 'a 40', 'b 30'])
  expect(top3(true).sort()).toEqual(['a 40', 'b 30', 'c 20'])
})

// https://help.qlik.com/en-US/sense-developer/Subsystems/EngineJSONAPI/Content/models-nxinlinedimensiondef.htm
describe('groups of fields', () => {
  const groupOf = (qDef: JsonObject) => cubeDimension({ qDef }, noLibrary).group
  const qFieldDefs = ['Region', '[City]', '=Upper(City)']

  test('hierarchies drill down, collections show the active field', () => {
    expect(groupOf({ qFieldDefs, qGrouping: 'H', qFieldLabels: ['Where'] })).toEqual({
      kind: 'drill-down',
      definitions: qFieldDefs,
      labels: ['Where'],
      active: 0,
    })
    expect(groupOf({ qFieldDefs, qGrouping: 'GRP_NX_COLLECTION', qActiveField: 2 })).toMatchObject({
      kind: 'cyclic',
      active: 2,
    })
    expect(groupOf({ qFieldDefs, qActiveField: 1 })).toMatchObject({ kind: 'cyclic', active: 1 })
    expect(groupOf({ qFieldDefs: ['Region'], qGrouping: 'H' })).toBeUndefined()
  })
})
