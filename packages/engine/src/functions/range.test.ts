import { describe, expect, it } from 'vitest'
import { numberOf } from '../value/dual.ts'
import { call, textOfCall } from './call-for-tests.ts'

// https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/Scripting/RangeFunctions/range-functions.htm
describe('range functions', () => {
  it.each([
    ['RangeSum(1, 2, 4)', 7],
    ["RangeSum(1, 'xyz')", 1],
    ['RangeSum(Null())', 0],
    ["RangeAvg('xyz')", null],
    ['RangeMax(1, 2, 4)', 4],
    ["RangeMax(Null(), 'abc')", null],
    ["RangeMin(1, 'xyz')", 1],
    ["RangeCount(2, 'xyz', Null())", 2],
    ["RangeNullCount(2, 'xyz', Null())", 1],
    ["RangeNumericCount(2, 'xyz')", 1],
    ["RangeTextCount(2, 'xyz')", 1],
    ["RangeMissingCount(2, 'xyz', Null())", 2],
    ['RangeMaxString(1, 2, 4)', '4'],
    ["RangeMinString('xyz', 'abc')", 'abc'],
    ['RangeMinString(Null())', null],
    ['RangeMode(1, 2, 9, 2, 4)', 2],
    ["RangeMode('a', 4, 'a', 4)", null],
    ['RangeOnly(5, 5)', 5],
    ['RangeOnly(5, 6)', null],
    ['RangeFractile(0.5, 1, 2, 4, 6)', 3],
    ['RangeFractile(0.5, 1, 2, 3, 4)', 2.5],
    ['RangeFractileExc(0.05, 1, 2, 3)', null],
    ['RangeStdev(5)', null],
    ["NumSum(1, 'xyz', 2)", 3],
    ['NumSum(Null())', 0],
    ["NumAvg(1, 'xyz', 3)", 2],
    ['NumAvg(Null())', null],
    ["NumCount(2, 'xyz', Null())", 1],
    ["NumMax(1, 'xyz', 4)", 4],
    ['NumMax(Null())', null],
    ["NumMin(3, 'xyz', 4)", 3],
    ["NumMin('xyz')", null],
    ['RangeSkew(1, 2)', null],
    ['RangeCorrel(1, 2)', null],
  ])('%s', (text, expected) => {
    expect(call(text)).toBe(expected)
  })

  it.each([
    ['RangeAvg(1, 2, 4)', 2.33333333],
    ['RangeFractile(0.24, 1, 2, 4, 6)', 1.72],
    ['RangeStdev(1, 2, 4)', 1.5275252],
    ['RangeSkew(1, 2, 4)', 0.93521953],
    ['RangeKurtosis(1, 2, 4, 7)', -0.28571429],
    ['RangeCorrel(2, 3, 6, 8, 9, 4, 8, 5)', 0.2492],
    ['RangeIRR(-10000, 5000, 6000)', 0.0639],
    ['RangeIRR(-1800, 11000, 9000)', 5.8419],
    ['RangeIRR(-9000, 4000, 2000)', -0.2566],
    ['RangeNPV(0.1, -10000, 3000, 4200, 6800)', 1188.44],
    ["RangeXNPV(0.1, 2000, '2013-01-01', 5000, '2014-01-01')", 6545.45],
    ["RangeXIRR(-2500, '2008-01-01', 2750, '2008-09-01')", 0.1532],
  ])('%s', (text, expected) => {
    expect(Math.abs(numberOf(call(text)) - expected)).toBeLessThan(0.005)
  })

  it('shows present values as money', () => {
    const settings = { moneyFormat: '#.##0,00 €', moneyDecimalSep: ',', moneyThousandSep: '.' }
    expect(textOfCall('RangeNPV(0.1, 1100, 1210)')).toBe('$2,000.00')
    expect(textOfCall('RangeNPV(0.1, 1100, 1210)', { settings })).toBe('2.000,00 €')
    expect(textOfCall("RangeXNPV(0, -5, '2013-01-01', 1, '2013-01-02')")).toBe('-$4.00')
    expect(call('RangeNPV(Null(), 1, 2)')).toBeNull()
  })
})
