import type { Json, JsonObject } from '../app/document.ts'
import { QixError } from './error-codes.ts'
import { isObject } from './json.ts'

/** The parameters of one call by name; missing and null ones take their default, wrong types are refused. */
export class Params {
  readonly #values: ReadonlyMap<string, Json>

  constructor(names: readonly string[], given: unknown) {
    this.#values = byName(names, given)
  }

  has(name: string): boolean {
    return this.#values.has(name)
  }

  text(name: string, initial: string = ''): string {
    const value = this.#values.get(name)
    if (value === undefined) return initial
    if (typeof value !== 'string') throw wrongType(name, 'a string')
    return value
  }

  number(name: string, initial: number = 0): number {
    const value = this.#values.get(name)
    if (value === undefined) return initial
    if (typeof value !== 'number') throw wrongType(name, 'a number')
    return value
  }

  flag(name: string, initial: boolean = false): boolean {
    const value = this.#values.get(name)
    if (value === undefined) return initial
    if (typeof value !== 'boolean') throw wrongType(name, 'a boolean')
    return value
  }

  object(name: string): JsonObject {
    const value = this.#values.get(name)
    if (value === undefined) return {}
    if (!isObject(value)) throw wrongType(name, 'an object')
    return value
  }

  objects(name: string): readonly JsonObject[] {
    const list = this.list(name)
    const objects = list.filter(isObject)
    if (objects.length < list.length) throw wrongType(name, 'an array of objects')
    return objects
  }

  integers(name: string): readonly number[] {
    const list = this.list(name)
    const numbers = list.filter(
      (item): item is number => typeof item === 'number' && Number.isInteger(item),
    )
    if (numbers.length < list.length) throw wrongType(name, 'an array of whole numbers')
    return numbers
  }

  texts(name: string): readonly string[] {
    const list = this.list(name)
    const texts = list.filter((item): item is string => typeof item === 'string')
    if (texts.length < list.length) throw wrongType(name, 'an array of strings')
    return texts
  }

  list(name: string): readonly Json[] {
    const value = this.#values.get(name)
    if (value === undefined) return []
    if (!Array.isArray(value)) throw wrongType(name, 'an array')
    return value
  }
}

function byName(names: readonly string[], given: unknown): Map<string, Json> {
  const values = new Map<string, Json>()
  if (given === undefined || given === null) return values
  if (Array.isArray(given)) {
    names.forEach((name, index) => {
      const value: Json | undefined = given[index]
      if (value !== undefined && value !== null) values.set(name, value)
    })
    return values
  }
  if (!isObject(given))
    throw new QixError('invalid-params', 'params must be an array or an object', 'params')
  for (const name of names) {
    const value = Object.hasOwn(given, name) ? given[name] : undefined
    if (value !== undefined && value !== null) values.set(name, value)
  }
  return values
}

function wrongType(name: string, wanted: string): QixError {
  return new QixError('invalid-params', `${name} must be ${wanted}`, name)
}
