import type { CubeOptions, CubeResult, PivotOptions, PivotResult } from '@lichen/engine'

/** The kinds of tables that follow the selections: what they are asked for with, and what they give. */
export interface Charts {
  readonly cube: { readonly options: CubeOptions; readonly result: CubeResult }
  readonly pivot: { readonly options: PivotOptions; readonly result: PivotResult }
}

export type ChartKind = keyof Charts

export interface Chart<Kind extends ChartKind = ChartKind> {
  readonly kind: Kind
  readonly options: Charts[Kind]['options']
}

/** The members of a result that stay with the worker. */
export type ResultMembers = 'page'

/** The members of a result that are data and hold no errors. */
export type PlainResult<Kind extends ChartKind> = Omit<
  Charts[Kind]['result'],
  ResultMembers | 'dimensions' | 'measures'
>
