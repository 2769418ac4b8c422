import { createRequire } from 'node:module'
import { join } from 'node:path'

/** What one of the packages installed for the comparison exports, by its name; they are not there where the project is type-checked. */
export type Packages = <Exports>(name: string) => Exports

/** @param folder with the packages below it. The function throws when there is no such package. */
export function packagesIn(folder: string): Packages {
  const load = createRequire(join(folder, 'package.json'))
  return <Exports>(name: string): Exports => load(name)
}
