import { LichenError } from '../base/errors.ts'
import type { SectionAccess } from '../script/section-access.ts'

interface Restricted {
  readonly sectionAccess: SectionAccess
}

/** Whether sessions may see the data: nothing here applies section access yet, so that an app with it shows nobody anything. */
export function isOpenable({ sectionAccess }: Restricted): boolean {
  return sectionAccess.length === 0
}

/** @throws LichenError `section-access-unavailable` */
export function requireOpenable(document: Restricted): void {
  if (isOpenable(document)) return
  throw new LichenError(
    'section-access-unavailable',
    'This app has SECTION ACCESS, which this build cannot apply; nobody may open it',
  )
}
