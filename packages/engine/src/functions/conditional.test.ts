import { describe, expect, it } from 'vitest'
import { Dual } from '../value/dual.ts'
import { call, textOfCall } from './call-for-tests.ts'

// https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/Scripting/ConditionalFunctions/conditional-functions.htm
describe('conditional functions', () => {
  it.each([
    ["If(1, 'OK', 'Alarm')", 'OK'],
    ["If(Null(), 'OK', 'Alarm')", 'Alarm'],
    ["If(0, 'OK')", null],
    ["Alt('n/a', 'No valid date')", 'No valid date'],
    ["Alt('n/a', 7, 'x')", 7],
    ["Coalesce(Null(), '', 1)", ''],
    ["Match('Jan', 'Feb', 'Jan')", 2],
    ["Match('jan', 'Jan')", 0],
    ["Match(1, '1.0')", 1],
    ["MixMatch('jan', 'Feb', 'Jan')", 2],
    ["WildMatch('January', 'feb*', 'j?n*')", 2],
    ["WildMatch(Null(), '*')", 0],
    ["WildMatch5('January', 'feb*', 'j?n*')", 2],
    ["WildMatch5(Null(), '*')", 0],
    ["Pick(2, 'A', 'B')", 'B'],
    ["Pick(3, 'A', 'B')", null],
    ["Pick(0, 'A')", null],
    ['IsNum(23)', -1],
    ["IsNum('Green')", 0],
    ["IsText('Green')", -1],
    ['IsText(Null())', 0],
    ['IsNull(Null())', -1],
    ["EmptyIsNull('')", null],
    ["EmptyIsNull('AB')", 'AB'],
    ['Class(5, 0)', null],
  ])('%s', (text, expected) => {
    expect(call(text)).toBe(expected)
  })

  it('labels classes and keeps their lower bound', () => {
    expect(call('Class(23, 10)')).toEqual(new Dual('20 <= x < 30', 20))
    expect(call("Class(23, 5, 'value')")).toEqual(new Dual('20 <= value < 25', 20))
    expect(call("Class(23, 10, 'age', 5)")).toEqual(new Dual('15 <= age < 25', 15))
  })
})

// https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/Scripting/ColorFunctions/color-functions.htm
describe('color functions', () => {
  it.each([
    ['Red()', 'RGB(128,0,0)', 0xff800000],
    ['LightGreen()', 'RGB(0,255,0)', 4278255360],
    ['Red(128)', 'ARGB(128,128,0,0)', 0x80800000],
    ['RGB(1, 2, 3)', 'RGB(1,2,3)', 0xff010203],
    ['ARGB(255, 0, 255, 0)', 'ARGB(255,0,255,0)', 4278255360],
    ['HSL(0, 1, 0.5)', 'RGB(255,0,0)', 0xffff0000],
    ['HSL(1/3, 1, 0.5)', 'RGB(0,255,0)', 0xff00ff00],
    ['ColorMapHue(0)', 'ARGB(255,255,0,0)', 0xffff0000],
    ['ColorMapHue(1/6)', 'ARGB(255,255,255,0)', 0xffffff00],
    ['ColorMapHue(1/3)', 'ARGB(255,0,255,0)', 0xff00ff00],
    ['ColorMapHue(0.5)', 'ARGB(255,0,255,255)', 0xff00ffff],
    ['ColorMapHue(2/3)', 'ARGB(255,0,0,255)', 0xff0000ff],
    ['ColorMapHue(5/6)', 'ARGB(255,255,0,255)', 0xffff00ff],
    ['ColorMapHue(1)', 'ARGB(255,255,0,0)', 0xffff0000],
    // https://help.qlik.com/en-US/cloud-services/Subsystems/Hub/Content/Sense_Hub/ChartFunctions/ColorFunctions/color-functions-charts.htm
    ['ColorMix1(0.5, Red(), Blue())', 'ARGB(255,64,0,64)', 0xff400040],
    ['ColorMix1(0.5, Black(), White())', 'ARGB(255,128,128,128)', 0xff808080],
    ['ColorMix2(-1, LightRed(), LightGreen(), White())', 'ARGB(255,255,0,0)', 0xffff0000],
    ['ColorMix2(0, LightRed(), LightGreen(), White())', 'ARGB(255,255,255,255)', 0xffffffff],
    ['ColorMapJet(0)', 'ARGB(255,0,0,128)', 0xff000080],
    ['ColorMapJet(0.125)', 'ARGB(255,0,0,255)', 0xff0000ff],
    ['ColorMapJet(0.375)', 'ARGB(255,0,255,255)', 0xff00ffff],
    ['ColorMapJet(0.625)', 'ARGB(255,255,255,0)', 0xffffff00],
    ['ColorMapJet(0.75)', 'ARGB(255,255,128,0)', 0xffff8000],
    ['ColorMapJet(1)', 'ARGB(255,128,0,0)', 0xff800000],
  ])('%s', (text, shown, number) => {
    expect(call(text)).toEqual(new Dual(shown, number))
  })

  it('has no color for parts out of range', () => {
    expect(textOfCall('ColorMapHue(1.01)')).toBeNull()
    expect(textOfCall("ColorMapHue('x')")).toBeNull()
    expect(textOfCall('ColorMapJet(-0.01)')).toBeNull()
    expect(textOfCall("ColorMapJet('x')")).toBeNull()
    expect(textOfCall('ColorMapHue(Null())')).toBeNull()
    expect(textOfCall('RGB(256, 0, 0)')).toBeNull()
    expect(textOfCall('ColorMix1(2, Black(), White())')).toBeNull()
  })

  it('has no colors of Windows', () => {
    expect(call('SysColor(5)')).toBeNull()
  })
})
