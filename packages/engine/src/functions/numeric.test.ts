import { describe, expect, it } from 'vitest'
import { numberOf } from '../value/dual.ts'
import { call, textOfCall } from './call-for-tests.ts'

// https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/Scripting/GeneralNumericFunctions/general-numeric-functions.htm
describe('numeric functions', () => {
  it.each([
    ['Ceil(2.4)', 3],
    ['Ceil(2.6)', 3],
    ['Ceil(3.88, 0.1)', 3.9],
    ['Ceil(3.88, 5)', 5],
    ['Ceil(1.1, 1, 0.5)', 1.5],
    ['Floor(2.4)', 2],
    ['Floor(0.3, 0.1)', 0.3],
    ['Floor(3.88, 5)', 0],
    ['Round(3.8)', 4],
    ['Round(2.5)', 3],
    ['Round(-2.5)', -2],
    ['Round(2, 4)', 4],
    ['Round(3.88875, 1/1000)', 3.889],
    ['Round(1.005, 0.01)', 1.01],
    ['Round(1, 0)', null],
    ['Div(7, 2)', 3],
    ['Div(7.1, 2.3)', 3],
    ['Div(-4, 3)', -1],
    ['Div(1, 0)', null],
    ['Mod(7, 2)', 1],
    ['Mod(7.5, 2)', null],
    ['Mod(-4, 3)', 2],
    ['Mod(4, -3)', null],
    ['Fmod(7.5, 2)', 1.5],
    ['Fmod(-4, 3)', -1],
    ['Sign(-234)', -1],
    ['Even(3)', 0],
    ['Even(2 * 10)', -1],
    ['Odd(-3)', -1],
    ['Odd(2.5)', null],
    ['BitCount(3)', 2],
    ['BitCount(64)', 1],
    ['Fact(5)', 120],
    ['Fact(1.234)', 1],
    ['Fact(-5)', null],
    ['Fact(171)', null],
    ['Combin(35, 7)', 6724520],
    ['Permut(8, 3)', 336],
    ["Fabs('abc')", null],
    ["Fabs('-3')", 3],
    ['Sqrt(-1)', null],
    ['Log(0)', null],
    ['Pow(2, 10)', 1024],
    ['Sqr(3)', 9],
  ])('%s', (text, expected) => {
    expect(call(text)).toBe(expected)
  })

  it.each([
    ['Frac(11.43)', 0.43],
    ['Frac(-1.4)', 0.6],
    ['Atan2(-1, 0)', -Math.PI / 2],
    ['Cosh(1)', 1.5430806348152437],
    // https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/Scripting/financial-functions.htm
    ['BlackAndSchole(130, 4, 68.5, 0.4, 0.04, %call%)', 11.2452],
    ['FV(0.005, 36, -20)', 786.7221],
    ['Pmt(0.1/12, 8, 20000)', -2594.6576],
    ['Pmt(0.1/12, 8, 20000, 0, 1)', -2573.2142],
    ['PV(0.07/12, 60, -100)', 5050.1994],
    ['nPer(0.005, -20, 0, 800)', 36.5557],
    ['Rate(60, -300, 10000)', 0.02176],
    ['NORMDIST(0.5)', 0.69146],
    ['NORMDIST(0.5, 0, 1, 0)', 0.35207],
    ['NORMINV(0.69146246)', 0.5],
    ['CHIDIST(8, 15)', 0.9237827],
    ['CHIINV(0.9237827, 15)', 8],
    ['TDIST(1, 30, 2)', 0.3253086],
    ['TINV(0.3253086, 30)', 1],
    ['FDIST(15, 8, 6)', 0.0019369],
    ['FINV(0.0019369, 8, 6)', 15],
    ['BetaDist(0.4, 4, 10)', 0.8314],
    ['BetaInv(BetaDist(0.4, 4, 10), 4, 10)', 0.4],
    ['BetaDensity(0.5, 2, 2)', 1.5],
    ['GammaDist(2, 1, 1)', 0.8647],
    ['GammaInv(GammaDist(10, 9, 2), 9, 2)', 10],
    ['GammaDensity(1, 1, 1)', 0.3679],
    ['FDensity(1, 2, 2)', 0.25],
    ['BinomDist(6, 10, 0.5)', 0.8281],
    ['BinomFrequency(6, 10, 0.5)', 0.2051],
    ['BinomInv(0.75, 100, 0.5)', 53],
    ['PoissonDist(2, 5)', 0.1247],
    ['PoissonFrequency(2, 5)', 0.0842],
    ['PoissonInv(0.1247, 5)', 3],
  ])('%s', (text, expected) => {
    expect(numberOf(call(text.replaceAll('%', "'")))).toBeCloseTo(expected, 3)
  })

  // https://help.qlik.com/en-US/qlikview/May2022/Subsystems/Client/Content/QV_QlikView/Scripting/FinancialFunctions/Rate.htm
  it.each([
    ['FV(0.005, 36, -20)', '$786.72'],
    ['FV(0, 3, 20)', '-$60.00'],
    ['Pmt(0, 4, 100)', '-$25.00'],
    ['PV(0.07/12, 60, -100)', '$5,050.20'],
    ['Rate(60, -300, 10000)', '2.18%'],
    ['nPer(0, -20, 0, 800)', '40'],
    ['FV(Null(), 36, -20)', null],
    ['Rate(Null(), -300, 10000)', null],
    ['True()', 'True'],
    ['False()', 'False'],
    ['Even(2)', '-1'],
  ])('%s shows %s', (text, expected) => {
    expect(textOfCall(text)).toBe(expected)
  })

  it('counts with what True and False are', () => {
    expect(call('True() * 3')).toBe(-3)
    expect(call("If(False(), 'yes', 'no')")).toBe('no')
  })

  it('gives random numbers from the port', () => {
    expect(call('Rand()', { ports: { random: () => 0.25 } })).toBe(0.25)
  })
})
