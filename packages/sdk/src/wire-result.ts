import {
  type CubeDimensionInfo,
  type CubeMeasureInfo,
  type CubeResult,
  ExpressionError,
} from '@lichen/engine'
import type { WireInfo, WireResult } from './protocol.ts'
import type { RemoteCubeResult } from './remote.ts'
import { receivedError, type WireError, wireError } from './wire-error.ts'

type Info = CubeDimensionInfo | CubeMeasureInfo

export function wireResult(id: number, result: CubeResult): WireResult {
  return {
    id,
    rows: result.rows,
    dimensions: result.dimensions.map((info) => wireInfo(info)),
    measures: result.measures.map((info) => wireInfo(info)),
    totals: result.totals,
  }
}

export function receivedResult(wire: WireResult, page: RemoteCubeResult['page']): RemoteCubeResult {
  return {
    rows: wire.rows,
    dimensions: wire.dimensions.map((info) => receivedInfo(info)),
    measures: wire.measures.map((info) => receivedInfo(info)),
    totals: wire.totals,
    page,
  }
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
