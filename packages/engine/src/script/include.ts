import { LichenError } from '../base/errors.ts'
import { errorAt, type Place } from './place.ts'
import type { TableReader } from './reader.ts'

/** The script in a file; undefined where there is none and there need not be. @throws ScriptError at the place of the include */
export async function includedText(
  file: string,
  must: boolean,
  place: Place,
  reader: TableReader | undefined,
): Promise<string | undefined> {
  try {
    if (reader?.readText === undefined)
      throw new LichenError(
        'source-unsupported',
        `This host gives scripts no files, so "${file}" cannot be included`,
      )
    return (await reader.readText(file)).replace(/^\uFEFF/, '')
  } catch (cause) {
    const missing = cause instanceof LichenError && cause.code === 'source-not-found'
    if (missing && !must) return undefined
    throw errorAt(place, cause)
  }
}
