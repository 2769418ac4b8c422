import { LichenError } from '../base/errors.ts'
import { SelectionHistory } from '../selection/history.ts'
import type { SelectionState } from '../selection/state-set.ts'

/** A history in which all that is selected while somebody selects modally is one step. */
export class ModalHistory extends SelectionHistory {
  #modal: { readonly owner: string; readonly before: SelectionState; moved: boolean } | undefined

  /** Who is selecting modally, if anybody. */
  get modalOwner(): string | undefined {
    return this.#modal?.owner
  }

  /** Whether anything was selected since the modal mode began. */
  get modalMoved(): boolean {
    return this.#modal?.moved ?? false
  }

  move(next: SelectionState): void {
    if (this.#modal?.moved === true) this.replace(next)
    else this.push(next)
    if (this.#modal !== undefined && this.current !== this.#modal.before) this.#modal.moved = true
  }

  /** @throws LichenError `modal-conflict` when another owner has begun */
  beginModal(owner: string): void {
    if (this.#modal?.owner === owner) return
    if (this.#modal !== undefined)
      throw new LichenError('modal-conflict', 'Another object is in modal selection mode', {
        details: { owner: this.#modal.owner },
      })
    this.#modal = { owner, before: this.current, moved: false }
  }

  /** Keeps or takes back what was selected; `false` when nobody had begun. */
  endModal(accept: boolean): boolean {
    const modal = this.#modal
    if (modal === undefined) return false
    this.#modal = undefined
    if (modal.moved && !accept) this.drop()
    return true
  }

  /** Takes back what was selected without ending; `false` when there was nothing. */
  resetModal(): boolean {
    if (this.#modal?.moved !== true) return false
    this.drop()
    this.#modal.moved = false
    return true
  }

  /** Ends the modal mode and leaves the steps as they are, as a reload does. */
  leaveModal(): void {
    this.#modal = undefined
  }
}
