import type { JsonObject } from '../app/document.ts'

/** What a handle stands for. */
export type Target =
  | { readonly type: 'Doc'; readonly id: string }
  | { readonly type: 'Field'; readonly id: string; readonly state: string }
  | { readonly type: 'GenericObject'; readonly id: string; readonly genericType: string }
  | { readonly type: 'GenericDimension'; readonly id: string; readonly genericType: string }
  | { readonly type: 'GenericMeasure'; readonly id: string; readonly genericType: string }
  | { readonly type: 'GenericVariable'; readonly id: string; readonly genericType: string }
  | { readonly type: 'GenericBookmark'; readonly id: string; readonly genericType: string }

export type TargetType = Target['type']
export type TargetOf<Type extends TargetType> = Extract<Target, { readonly type: Type }>

/** The handles of one connection: the same thing keeps its number, and a number is never given again. */
export class Handles {
  #next = 1
  readonly #targets = new Map<number, Target>()
  readonly #numbers = new Map<string, number>()

  get(handle: number): Target | undefined {
    return this.#targets.get(handle)
  }

  /** The reply by which a client gets hold of a thing. */
  envelope(target: Target): JsonObject {
    const qHandle = this.of(target)
    const generic = 'genericType' in target ? { qGenericType: target.genericType } : {}
    return { qType: target.type, qHandle, ...generic, qGenericId: target.id }
  }

  of(target: Target): number {
    const key = keyOf(target)
    const known = this.#numbers.get(key)
    if (known !== undefined) return known
    const handle = this.#next++
    this.#numbers.set(key, handle)
    this.#targets.set(handle, target)
    return handle
  }

  /** Handles of the things asked for. */
  where(wanted: (target: Target) => boolean): number[] {
    return [...this.#targets].filter(([, target]) => wanted(target)).map(([handle]) => handle)
  }

  close(handle: number): void {
    const target = this.#targets.get(handle)
    if (target === undefined) return
    this.#targets.delete(handle)
    this.#numbers.delete(keyOf(target))
  }
}

function keyOf(target: Target): string {
  return JSON.stringify([target.type, target.id, target.type === 'Field' ? target.state : ''])
}
