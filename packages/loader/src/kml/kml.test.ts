import { LichenError } from '@lichen/engine'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type ClauseForTests, flipped, readAll, seeded } from '../rows-for-tests.ts'
import { kmlFormat } from './index.ts'

const seed = Number(process.env.LICHEN_SEED ?? 20261124)
const numRuns = Number(process.env.LICHEN_RUNS ?? 200)
const read = (text: string | Uint8Array, clause: ClauseForTests = {}) =>
  readAll(kmlFormat, text, { name: 'lib://data/world.kml', ...clause })

const ring = (x: number) => `<LinearRing><coordinates>${x},0 ${x + 1},0,5
  ${x},1 ${x},0</coordinates></LinearRing>`
const world = `<?xml version="1.0" encoding="UTF-8"?>
<kml xmlns="http://www.opengis.net/kml/2.2" xmlns:gx="urn:g"><Document><name>World</name>
<Style><name>no</name></Style>
<Placemark><name>Käl</name><description><![CDATA[<b>x</b>]]></description><Point><coordinates>10.5,54,0</coordinates></Point>
 <ExtendedData><Data name="Pop"><displayName>no</displayName><value>5</value></Data><SchemaData><SimpleData name="Code">K</SimpleData></SchemaData></ExtendedData></Placemark>
<Folder><name>Areas</name>
 <Placemark><name>One</name><Polygon><outerBoundaryIs>${ring(0)}</outerBoundaryIs><innerBoundaryIs>${ring(5)}</innerBoundaryIs></Polygon></Placemark>
 <Placemark><name>Two</name><MultiGeometry><Polygon><outerBoundaryIs>${ring(0)}</outerBoundaryIs></Polygon><Polygon><outerBoundaryIs>${ring(5)}</outerBoundaryIs></Polygon></MultiGeometry></Placemark>
</Folder>
<Folder><name>Ways</name><Placemark><LineString><coordinates>0,0 1,1</coordinates></LineString></Placemark>
<Placemark><gx:Track><when>2020</when><gx:coord>1 2 3</gx:coord><gx:coord>3 4 5</gx:coord></gx:Track></Placemark></Folder>
</Document></kml>`
const square = (x: number) => `[[${x},0],[${x + 1},0],[${x},1],[${x},0]]`

describe('placemarks', () => {
  test('all of them, with what they have', async () => {
    expect(await read(world)).toEqual({
      fields: ['Name', 'Description', 'Pop', 'Code', 'Point', 'Area', 'Line'].map(
        (name) => `world.${name}`,
      ),
      rows: [
        ['Käl', '<b>x</b>', '5', 'K', '[10.5,54]', null, null],
        ['One', null, null, null, null, `[${square(0)},${square(5)}]`, null],
        ['Two', null, null, null, null, `[[${square(0)}],[${square(5)}]]`, null],
        [null, null, null, null, null, null, '[[0,0],[1,1]]'],
        [null, null, null, null, null, null, '[[1,2],[3,4]]'],
      ],
    })
  })
  test('those of a folder or of the document itself, with names as asked', async () => {
    const areas = await read(world, { options: { table: 'World/Areas' }, asked: ['Area'] })
    expect(areas.fields).toEqual(['Name', 'Area'])
    expect(areas.rows.map(([name]) => name)).toEqual(['One', 'Two'])
    expect((await read(world, { options: { table: 'World/' } })).rows).toHaveLength(1)
    await expect(read(world, { options: { table: 'Areas' } })).rejects.toMatchObject({
      code: 'table-not-found',
      message: expect.stringContaining('World, World/Areas, World/Ways'),
    })
  })
  test('coordinates that are none', async () => {
    for (const wrong of ['1', '1,x', ',', '1,,2'])
      await expect(
        read(
          `<kml><Placemark><Point><coordinates>${wrong}</coordinates></Point></Placemark></kml>`,
        ),
      ).rejects.toMatchObject({ code: 'source-malformed' })
    expect(
      (
        await read(
          '<kml><Placemark><name>a</name><Point><coordinates> </coordinates></Point></Placemark></kml>',
        )
      ).rows,
    ).toEqual([['a']])
  })
})

describe('damage', () => {
  const bytes = new TextEncoder().encode(world)
  test('cut off anywhere it is malformed', async () => {
    for (let end = 0; end < bytes.length; end++)
      await expect(read(bytes.slice(0, end)), `${end}`).rejects.toMatchObject({
        code: 'source-malformed',
      })
  })
  test('with bits flipped it reads or fails with a typed error', async () => {
    const random = seeded(3)
    for (let i = 0; i < 1500; i++) {
      const damaged = flipped(bytes, Math.floor(random() * bytes.length * 8))
      const outcome = await read(damaged).catch((error: unknown) => error)
      if (outcome instanceof Error && !(outcome instanceof LichenError)) throw outcome
    }
  })
  test('depth and fields have limits', async () => {
    await expect(read('<Folder>'.repeat(300))).rejects.toMatchObject({ code: 'budget-exceeded' })
    const data = Array.from({ length: 1001 }, (_, i) => `<Data name="${i}"><value/></Data>`)
    await expect(read(`<kml><Placemark>${data.join('')}</Placemark></kml>`)).rejects.toMatchObject({
      code: 'budget-exceeded',
    })
  })
})

test('any line comes back', async () => {
  const degree = fc.double({ min: -180, max: 180, noNaN: true }).map((value) => value + 0)
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(degree, degree), { minLength: 1, maxLength: 9 }),
      async (line) => {
        const text = line.map((pair) => pair.join(',')).join(' ')
        const { rows } = await read(
          `<kml><Placemark><LineString><coordinates>${text}</coordinates></LineString></Placemark></kml>`,
        )
        expect(JSON.parse(String(rows[0]?.[0]))).toEqual(JSON.parse(JSON.stringify(line)))
      },
    ),
    { seed, numRuns },
  )
})
