import { afterEach, beforeEach } from 'vitest'
import { describeCubes } from './contract/cubes.ts'
import type { Face } from './contract/face.ts'
import { describeFields } from './contract/fields.ts'
import { describePivots } from './contract/pivots.ts'
import { describeScripts } from './contract/scripts.ts'
import { describeTables } from './contract/tables.ts'

/** What every face of the engine does; each test has one of its own. */
export function describeContract(open: () => Face): void {
  let opened: Face
  beforeEach(() => {
    opened = open()
  })
  afterEach(() => opened.close())
  const face = (): Face => opened

  describeTables(face)
  describeFields(face)
  describeCubes(face)
  describePivots(face)
  describeScripts(face)
}
