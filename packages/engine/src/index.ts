export {
  App,
  type CreateFromScript,
  type CreateFromTables,
  createApp,
  type EvaluatedValue,
  type FieldNames,
  type TablesInput,
} from './app/app.ts'
export { AppCube, type CubeOptions, type CubeResult, type CubeSort } from './app/cube.ts'
export {
  Document,
  type DocumentOptions,
  type Json,
  type JsonObject,
  type ReloadOptions,
} from './app/document.ts'
export { AppField, type FieldValue, type ValueInput } from './app/field.ts'
export { AppPivot, type PivotOptions, type PivotResult } from './app/pivot.ts'
export { Session, type SessionOptions } from './app/session.ts'
export type { SignalOption } from './app/signal-option.ts'
export type {
  ArrowTableInput,
  CellInput,
  ColumnsInput,
  RowsInput,
  TableInput,
} from './app/tables.ts'
export {
  type CancellationToken,
  neverCancelled,
  throwIfCancelled,
  tokenOf,
} from './base/cancellation.ts'
export {
  AccessError,
  type ErrorCode,
  ExpressionError,
  errorCodes,
  LichenError,
  LoadError,
  ScriptError,
  type Span,
} from './base/errors.ts'
export { type Logger, silentLogger } from './base/logger.ts'
export * from './delimited/options.ts'
export * from './delimited/source.ts'
export type { Diagnostic } from './expression/ast.ts'
export type { Dependencies } from './expression/dependencies.ts'
export type { CubeCell, CubeDimensionInfo, CubeMeasureInfo } from './hypercube/cube.ts'
export type { CubeCacheOptions } from './hypercube/cube-cache.ts'
export type {
  CubeDefinition,
  CubeDimension,
  CubeMeasure,
  DimensionGroup,
  DimensionLimit,
  SortCriteria,
} from './hypercube/definition.ts'
export type { Expansion, PivotDefinition, PivotDimension } from './hypercube/pivot-definition.ts'
export type { PivotHeading } from './hypercube/pivot-headings.ts'
export type { StateCounts, ValueState } from './inference/inference.ts'
export type { InferenceCacheOptions } from './inference/inference-cache.ts'
export type { RowIndicesOptions } from './inference/row-indices.ts'
export type { MemoryReport } from './model/memory.ts'
export type { Identity, ModelView, ViewOpener } from './model/view.ts'
export type { BufferNotes, KeptBuffer, ScriptBuffers } from './script/buffers.ts'
export { checkScript, type ScriptDiagnostic } from './script/check.ts'
export {
  type Catalogue,
  type Connection,
  type ConnectionFactory,
  type ConnectionKind,
  type Connections,
  namedConnections,
} from './script/connection.ts'
export type { FieldLineage, FieldOrigin } from './script/lineage.ts'
export type { FormatClause, OpenSource, TableReader } from './script/reader.ts'
export type { ReloadReport, StatementReport } from './script/reload-report.ts'
export type { SectionAccess, SectionAccessTable } from './script/section-access.ts'
export type { StoredField, StoredSymbols, StoredTable, TableWriter } from './script/writer.ts'
export type { AllocatorOptions } from './storage/allocator.ts'
export type { IndexBudget, IndexReport } from './storage/row-index.ts'
export type { SourceBatch, SourceColumn } from './storage/source.ts'
export { Dual, type Value } from './value/dual.ts'
export { defaultFormatSettings, type FormatSettings } from './value/format-settings.ts'
export type { NumberFormat } from './value/number-format.ts'
