import {
  type CubeDimensionInfo,
  type CubeMeasureInfo,
  ExpressionError,
  LichenError,
} from '@lichen/engine'
import type { ChartKind, Charts, PlainResult, ResultMembers } from './charts.ts'
import type { WireInfo, WireResult } from './protocol.ts'
import type { Remote } from './remote.ts'
import { receivedError, type WireError, wireError } from './wire-error.ts'

type Info = CubeDimensionInfo | CubeMeasureInfo

/** The members of a result that the worker answers for. */
export type RemotePages<Kind extends ChartKind> = Remote<
  Pick<Charts[Kind]['result'], ResultMembers>
>

/** What `RemoteCubeResult` and `RemotePivotResult` have in common. */
export type ReceivedResult<Kind extends ChartKind> = PlainResult<Kind> &
  Pick<Charts[ChartKind]['result'], 'dimensions' | 'measures'> &
  RemotePages<Kind>

export function wireResult<Kind extends ChartKind>(
  id: number,
  kind: Kind,
  result: Charts[Kind]['result'],
): WireResult<Kind> {
  const { page, dimensions, measures, ...plain } = result
  return {
    id,
    kind,
    plain,
    dimensions: dimensions.map((info) => wireInfo(info)),
    measures: measures.map((info) => wireInfo(info)),
  }
}

/** The result of the chart that was asked for. */
export function receivedResult<Kind extends ChartKind>(
  kind: Kind,
  wire: WireResult,
  pages: RemotePages<Kind>,
): ReceivedResult<Kind> {
  if (!isOf(kind, wire)) throw new LichenError('internal', `A ${wire.kind} came for a ${kind}`)
  return {
    ...wire.plain,
    dimensions: wire.dimensions.map((info) => receivedInfo(info)),
    measures: wire.measures.map((info) => receivedInfo(info)),
    ...pages,
  }
}

function isOf<Kind extends ChartKind>(kind: Kind, wire: WireResult): wire is WireResult<Kind> {
  return wire.kind === kind
}

function wireInfo<Column extends Info>(info: Column): WireInfo<Column> {
  const { error, ...plain } = info
  return error === undefined ? plain : { ...plain, error: wireError(error) }
}

function receivedInfo<Column extends { readonly error?: WireError }>(
  info: Column,
): Omit<Column, 'error'> & { readonly error?: ExpressionError } {
  const { error: wire, ...plain } = info
  const error = wire === undefined ? undefined : receivedError(wire)
  return error instanceof ExpressionError ? { ...plain, error } : plain
}
