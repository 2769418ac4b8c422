import { overBudget } from '../load-errors.ts'
import { TextBytes } from '../xml-text/text-bytes.ts'
import { nameCode, type XmlReader, xmlToken } from '../xml-text/xml-reader.ts'
import { Geometry, readCoordinates, readTrackCoordinates } from './geometry.ts'

const names = {
  document: nameCode('Document'),
  folder: nameCode('Folder'),
  placemark: nameCode('Placemark'),
  name: nameCode('name'),
  description: nameCode('description'),
  point: nameCode('Point'),
  line: nameCode('LineString'),
  ring: nameCode('LinearRing'),
  polygon: nameCode('Polygon'),
  track: nameCode('Track'),
  coordinates: nameCode('coordinates'),
  trackPoint: nameCode('coord'),
  data: nameCode('Data'),
  value: nameCode('value'),
  simpleData: nameCode('SimpleData'),
}
const mostBytes = 2 ** 29
const mostFields = 1000

/** A Document or a Folder, with its name once that was read. */
export interface Container {
  readonly parent: Container | undefined
  name: string
}

export interface Placemark {
  readonly container: Container | undefined
  /** `Name`, `Description`, `Point`, `Line`, `Area`, and the extended data by their names. */
  readonly values: ReadonlyMap<string, string>
}

/** Collects the placemarks of a KML text; they are kept. */
export class PlacemarkReader {
  readonly placemarks: Placemark[] = []
  /** In order of appearance. */
  readonly fields: Set<string> = new Set()
  readonly #where: string
  readonly #text = new TextBytes(1 << 12)
  readonly #open: Container[] = []
  #bytes = 0
  #values: Map<string, string> | undefined
  #geometry = new Geometry()
  #track: (readonly [number, number])[] = []
  /** Of the extended data at hand. */
  #dataName = ''

  constructor(where: string) {
    this.#where = where
  }

  scan(xml: XmlReader): void {
    for (let token = xml.next(); token !== xmlToken.more; token = xml.next()) {
      if (token === xmlToken.open) this.#begin(xml)
      else if (token === xmlToken.close) this.#end(xml)
      else if (this.#isRead(xml)) {
        if (this.#bytes + this.#text.length > mostBytes)
          throw overBudget(
            this.#where,
            `the placemarks take more than ${mostBytes} bytes; split the file`,
          )
        xml.appendText(this.#text)
      }
    }
  }

  /** Whether the text at hand is a value. */
  #isRead(xml: XmlReader): boolean {
    return (
      xml.inside(names.coordinates) ||
      xml.inside(names.trackPoint) ||
      xml.inside(names.value) ||
      xml.inside(names.simpleData) ||
      ((xml.inside(names.name) || xml.inside(names.description)) && this.#ownsText(xml))
    )
  }

  /** Whether the element around the one at hand is a placemark or a container. */
  #ownsText(xml: XmlReader): boolean {
    return xml.within(names.placemark) || xml.within(names.document) || xml.within(names.folder)
  }

  #begin(xml: XmlReader): void {
    const { name } = xml
    this.#text.length = 0
    if (name === names.document || name === names.folder)
      this.#open.push({ parent: this.#open.at(-1), name: '' })
    else if (name === names.placemark) {
      this.#values = new Map()
      this.#geometry = new Geometry()
    } else if (name === names.polygon) this.#geometry.areas.push([])
    else if (name === names.track) this.#track = []
    else if (name === names.data || name === names.simpleData)
      this.#dataName = xml.attributes().get('name') ?? ''
  }

  #end(xml: XmlReader): void {
    const { name } = xml
    if (name === names.document || name === names.folder) this.#open.pop()
    else if (name === names.placemark) this.#endPlacemark()
    else if (name === names.name) this.#endName(xml)
    else if (this.#values === undefined) return
    else if (name === names.description) {
      if (xml.within(names.placemark)) this.#put('Description', this.#read(xml))
    } else if (name === names.coordinates) this.#endCoordinates(xml)
    else if (name === names.trackPoint)
      this.#track.push(readTrackCoordinates(this.#read(xml), this.#where))
    else if (name === names.track) this.#geometry.lines.push(this.#track)
    else if (name === names.value || name === names.simpleData) this.#endData(xml)
  }

  #endPlacemark(): void {
    const values = this.#values ?? new Map<string, string>()
    this.#values = values
    for (const [kind, text] of Object.entries(this.#geometry.texts())) this.#put(kind, text)
    this.placemarks.push({ container: this.#open.at(-1), values })
    this.#values = undefined
  }

  #endName(xml: XmlReader): void {
    if (xml.within(names.placemark)) this.#put('Name', this.#read(xml))
    else if (xml.within(names.document) || xml.within(names.folder)) {
      const container = this.#open.at(-1)
      if (container !== undefined) container.name = this.#read(xml)
    }
  }

  #endCoordinates(xml: XmlReader): void {
    const pairs = readCoordinates(this.#read(xml), this.#where)
    const [first] = pairs
    if (first === undefined) return
    if (xml.within(names.point)) this.#geometry.points.push(first)
    else if (xml.within(names.line)) this.#geometry.lines.push(pairs)
    else if (xml.within(names.ring)) {
      const area = this.#geometry.areas.at(-1)
      if (area === undefined) this.#geometry.lines.push(pairs)
      else area.push(pairs)
    }
  }

  #endData(xml: XmlReader): void {
    if (this.#dataName !== '') this.#put(this.#dataName, this.#read(xml))
  }

  #put(field: string, text: string): void {
    if (this.#values === undefined || this.#values.has(field)) return
    this.#bytes += text.length
    this.#values.set(field, text)
    this.fields.add(field)
    if (this.fields.size > mostFields)
      throw overBudget(this.#where, `the placemarks have more than ${mostFields} fields`)
  }

  #read(xml: XmlReader): string {
    if (!this.#text.isUtf8From(0)) throw xml.fail('it is not UTF-8')
    const text = this.#text.textFrom(0)
    this.#text.length = 0
    return text
  }
}
