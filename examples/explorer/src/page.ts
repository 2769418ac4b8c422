/** The element of that id. index.html holds all of them, so a missing one is our own mistake. */
export function element(id: string): HTMLElement {
  const found = document.getElementById(id)
  if (!found) throw new Error(`index.html has no element with the id ${id}`)
  return found
}

/** The element of that id, as the class the caller needs. */
export function elementOf<T extends HTMLElement>(id: string, type: abstract new () => T): T {
  const found = element(id)
  if (!(found instanceof type)) throw new Error(`the element ${id} is not a ${type.name}`)
  return found
}

/** Says in one line what is going on; failures are marked by colour, sign and weight. */
export function report(text: string, failed = false): void {
  const status = element('status')
  status.textContent = text
  status.classList.toggle('failed', failed)
}
