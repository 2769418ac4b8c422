import { describe, expect, it } from 'vitest'
import { call } from './call-for-tests.ts'

const square = '[[[0,0],[4,0],[4,4],[0,4],[0,0]]]'
const framed = '[[[0,0],[4,0],[4,4],[0,4],[0,0]],[[2,1],[3,1],[3,2],[2,2],[2,1]]]'

describe('geometries', () => {
  it('are points of latitude and longitude', () => {
    expect(call('GeoMakePoint(55.7, 13.2)')).toBe('[13.2,55.7]')
    expect(call("GeoMakePoint('x', 13.2)")).toBeNull()
  })

  it.each([
    ['[13.2,55.7]', '[13.2,13.2,55.7,55.7]'],
    ['[13.2,55.7,120]', '[13.2,13.2,55.7,55.7]'],
    ['[[1,-2],[-3,4]]', '[-3,1,4,-2]'],
    [square, '[0,4,4,0]'],
    [`[${square},[[[9,9],[8,9],[9,8],[9,9]]]]`, '[0,9,9,0]'],
  ])('%s lies in %s', (geometry, box) => {
    expect(call(`GeoGetBoundingBox('${geometry}')`)).toBe(box)
  })

  it.each([
    ['[13.2,55.7]', '[13.2,55.7]'],
    ['[[1,-2],[-3,4]]', '[-1,1]'],
    [square, '[2,2]'],
    // Two squares of 16 and 4 square degrees: (2 · 16 + 9 · 4) / 20.
    [`[${square},[[[8,8],[8,10],[10,10],[10,8],[8,8]]]]`, '[3.4,3.4]'],
    // A hole of 1 at (2.5, 1.5): (2 · 16 - 2.5) / 15 and (2 · 16 - 1.5) / 15.
    [framed, JSON.stringify([2 - 0.5 / 15, 2 + 0.5 / 15])],
    // What lies on a line has no area.
    ['[[[0,0],[1,1],[2,2],[1,1]]]', '[1,1]'],
  ])('%s has its center at %s', (geometry, point) => {
    const [x, y]: [number, number] = JSON.parse(point)
    const found = JSON.parse(String(call(`GeoGetPolygonCenter('${geometry}')`)))
    expect(found).toEqual([expect.closeTo(x, 12), expect.closeTo(y, 12)])
  })

  it('stay what they are in unit', () => {
    expect(call(`GeoProject('unit', '${framed}')`)).toBe(framed)
    expect(call(`GeoProject(Null(), '[1,2]')`)).toBe('[1,2]')
    expect(call(`GeoProject('globe', '[1,2]')`)).toBeNull()
  })

  it('are projected by web Mercator in metres', () => {
    const projected = (point: string) =>
      JSON.parse(String(call(`GeoProject('Mercator', '${point}')`)))
    // https://epsg.io/3857 bounds the square map by 20037508.34.
    expect(projected('[180,90]')[0]).toBeCloseTo(20_037_508.34, 2)
    expect(projected('[180,90]')[1]).toBeCloseTo(20_037_508.34, 2)
    expect(projected('[-180,-85.0511287798066]')[1]).toBeCloseTo(-20_037_508.34, 2)
    // The example of IOGP 373-7-2, method 1024: 24°22'54.433"N 100°20'00.000"W.
    expect(projected(`[${-(100 + 20 / 60)},${24 + 22 / 60 + 54.433 / 3600}]`)).toEqual([
      expect.closeTo(-11_169_055.58, 2),
      expect.closeTo(2_800_000, 2),
    ])
    expect(projected('[[[0,0],[0,0]]]')).toEqual([
      [
        [0, 0],
        [0, 0],
      ],
    ])
  })

  it.each([
    '',
    '5',
    'text',
    '[]',
    '[1]',
    '["a","b"]',
    '[[1,2],3]',
    '[[[[[1,2]]]]]',
    '[1e999,1]',
    '{}',
  ])('"%s" is none', (text) => {
    for (const name of ['GeoGetBoundingBox', 'GeoGetPolygonCenter'])
      expect(call(`${name}('${text}')`)).toBeNull()
    expect(call(`GeoProject('unit', '${text}')`)).toBeNull()
  })
})
