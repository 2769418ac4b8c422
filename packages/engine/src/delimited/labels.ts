/** Field names from the cells of a label record: outer blanks go, an empty one becomes @n, a repeated one gets the first free number. */
export function labelsFrom(cells: readonly string[]): readonly string[] {
  const taken = new Set<string>()
  return cells.map((cell, index) => {
    const wanted = cell.trim() === '' ? `@${index + 1}` : cell.trim()
    let label = wanted
    for (let number = 1; taken.has(label); number++) label = `${wanted}${number}`
    taken.add(label)
    return label
  })
}
