/** Version of this package. */
export const engineVersion: string = '0.1.0'
