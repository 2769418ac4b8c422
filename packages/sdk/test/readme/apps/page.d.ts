export const show: { readonly rows: unknown }
