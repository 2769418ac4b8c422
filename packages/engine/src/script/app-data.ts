import type { Model } from '../model/model.ts'
import type { FieldLineage } from './lineage.ts'
import type { SectionAccess } from './section-access.ts'

/** The data of an app: what a reload makes, and what a partial one begins with. */
export interface AppData {
  readonly model: Model
  /** Who may see what of it; empty when nothing restricts. */
  readonly sectionAccess: SectionAccess
  /** Where the values of its fields came from, as far as it is known. */
  readonly lineage?: readonly FieldLineage[]
}
