import { columnLetters } from './cell-reference.ts'

/**
 * Field names of the columns [first, last]: the label of a column without its outer blanks; a repeated one gets the first free number, as
 * in delimited text. A column without a label is named by its letters, unless a label is the same.
 */
export function fieldNames(
  labels: ReadonlyMap<number, string>,
  first: number,
  last: number,
): readonly string[] {
  const taken = new Set<string>()
  const given = new Set([...labels.values()].map((label) => label.trim()))
  const repeats = new Map<string, number>()
  const names: string[] = []
  for (let column = first; column <= last; column++) {
    const label = labels.get(column)?.trim() ?? ''
    const wanted = label === '' ? columnLetters(column) : label
    let name = wanted
    let number = repeats.get(wanted) ?? 1
    while (taken.has(name) || (label === '' && given.has(name))) name = `${wanted}${number++}`
    repeats.set(wanted, number)
    taken.add(name)
    names.push(name)
  }
  return names
}
