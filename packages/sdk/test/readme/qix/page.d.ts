export const app: { readonly id: string }
export const session: { close(): Promise<unknown> }
export const worker: Worker
