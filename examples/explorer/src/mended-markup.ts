/** What the charts leave out for assistive technology: what is found by the selector is put right, after which the selector finds it no more. */
const mends: readonly (readonly [selector: string, mend: (found: Element) => void])[] = [
  // The rows of a list box: their cells, the grid they stand in, and a count from 1.
  ['[role="row"][aria-rowindex="0"]', (row) => row.setAttribute('aria-rowindex', '1')],
  ['[role="row"][aria-setsize]', (row) => row.removeAttribute('aria-setsize')],
  ['[role="row"][aria-label] > :first-child:not([role])', (cell) => setRole(cell, 'gridcell')],
  [
    ':not([role]):has(> :not([role]) > [role="row"][aria-label])',
    (list) => {
      setRole(list, 'grid')
      label(list, 'Values')
    },
  ],
  // Names that a chart gives itself, on elements that may not have any.
  ['[id$="_type"][aria-label]:not([role])', (name) => setRole(name, 'note')],
  ['[id$="_title"][aria-label]:not([role])', (name) => setRole(name, 'note')],
  // Texts that only the charts' first home translates.
  ['button[title][aria-label^="Accessibility."]', (button) => label(button, titleOf(button))],
  ['button[data-testid^="filterpane-expand"]:not([aria-label])', (it) => label(it, 'All filters')],
  // The frame by which a chart learns its size.
  [
    'object[data="about:blank"]:not([aria-hidden])',
    (frame) => frame.setAttribute('aria-hidden', 'true'),
  ],
]

const setRole = (target: Element, role: string): void => target.setAttribute('role', role)
const label = (target: Element, text: string): void => target.setAttribute('aria-label', text)
const titleOf = (target: Element): string => target.getAttribute('title') ?? ''

/** Keeps the markup of the charts fit for assistive technology, from now on and however often they draw anew. */
export function keepMended(): void {
  let planned = false
  const mend = (): void => {
    planned = false
    for (const [selector, put] of mends) {
      for (const found of document.querySelectorAll(selector)) put(found)
    }
  }
  const observer = new MutationObserver(() => {
    if (!planned) requestAnimationFrame(mend)
    planned = true
  })
  observer.observe(document.body, {
    subtree: true,
    childList: true,
    attributeFilter: ['role', 'aria-label', 'aria-rowindex', 'title'],
  })
}
