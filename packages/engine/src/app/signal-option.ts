export interface SignalOption {
  /** Structurally an AbortSignal. */
  readonly signal?: { readonly aborted: boolean }
}
