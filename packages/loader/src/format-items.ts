import type { FormatClause } from '@lichen/engine'
import { unsupported } from './load-errors.ts'

/** Refuses an item that would change what is read and is not built. @throws LoadError `source-unsupported` */
export function checkItems(
  { options }: FormatClause,
  read: (item: string) => boolean,
  where: string,
  format: string,
): void {
  for (const item of options.keys())
    if (!read(item))
      throw unsupported(
        where,
        `the format item "${item}" is not read for ${format}; leave it out or prepare the file`,
      )
}

/** A count of bytes or lines, as `header is` and `record is` tell it. */
export interface Extent {
  readonly count: number
  readonly unit: 'bytes' | 'lines'
}

/** `line`, `4 lines` or, in bytes, `80`. @throws LoadError `source-unsupported` */
export function extentOf(setting: string | true, item: string, where: string): Extent {
  const [, digits, word] = /^(\d{1,9})(\s+lines?)?$/i.exec(String(setting)) ?? []
  if (digits !== undefined)
    return { count: Number(digits), unit: word === undefined ? 'bytes' : 'lines' }
  if (setting !== true && setting.toLowerCase() === 'line') return { count: 1, unit: 'lines' }
  throw unsupported(where, `"${item} is ${setting}" is not read; write ${item} is n lines`)
}
