import type { JsonObject } from '../app/document.ts'
import type { CubeDimensionInfo, CubeMeasureInfo } from '../hypercube/cube.ts'
import type { Column } from './computed-cube.ts'
import { customMembers, type Library } from './cube-definition.ts'
import { wireError } from './error-codes.ts'
import { labelText } from './evaluate.ts'
import { fieldOf, plainName } from './field-reference.ts'
import {
  expressionAt,
  flagAt,
  listAt,
  numberAt,
  objectAt,
  objectsAt,
  present,
  textAt,
  wireNumber,
} from './json.ts'
import { attributesOfFormat } from './number-format.ts'
import type { OpenApp } from './open-app.ts'
import { stateCounts } from './value-state.ts'

/** Members of NxInlineDimensionDef. Source: https://help.qlik.com/en-US/sense-developer/Subsystems/EngineJSONAPI/Content/models-nxinlinedimensiondef.htm */
const inlineDimensionMembers = new Set([
  'qGrouping',
  'qFieldDefs',
  'qFieldLabels',
  'qSortCriterias',
  'qNumberPresentations',
  'qReverseSort',
  'qActiveField',
  'qLabelExpression',
  'qAlias',
  'qLabel',
])
/** Members of NxInlineMeasureDef. Source: https://help.qlik.com/en-US/sense-developer/Subsystems/EngineJSONAPI/Content/models-nxinlinemeasuredef.htm */
const inlineMeasureMembers = new Set([
  'qLabel',
  'qDescription',
  'qTags',
  'qGrouping',
  'qDef',
  'qNumFormat',
  'qRelative',
  'qBrutalSum',
  'qAggrFunc',
  'qAccumulate',
  'qReverseSort',
  'qActiveExpression',
  'qExpressions',
  'qLabelExpression',
  'qAlias',
])
const attributeMembers = new Set([
  'qExpression',
  'qLibraryId',
  'qAttribute',
  'qNumFormat',
  'qLabel',
  'qLabelExpression',
])
const sortIndicators = { ascending: 'A', descending: 'D', none: 'N' }

/** NxDimensionInfo of one dimension; also of list objects. `info` is absent where the dimension could not be computed. */
export function dimensionInfo(
  app: OpenApp,
  column: Column,
  info: CubeDimensionInfo | undefined,
  library: Library,
  state: string,
): JsonObject {
  const { def } = column
  const own = objectAt(def, 'qDef')
  const libraryId = textAt(def, 'qLibraryId') || undefined
  const item = libraryId === undefined ? undefined : objectAt(library(libraryId), 'qDim')
  const source = item ?? own
  const fields = listAt(source, 'qFieldDefs').filter(
    (field): field is string => typeof field === 'string',
  )
  const labels = listAt(source, 'qFieldLabels')
  const { view } = app.session
  const titles = fields.map((definition, index) => {
    const label = labels[index]
    return typeof label === 'string' && label !== ''
      ? labelText(app, label, state)
      : plainName(definition)
  })
  const position = Math.min(
    Math.max(0, info?.groupPosition ?? numberAt(own, 'qActiveField') ?? 0),
    Math.max(0, fields.length - 1),
  )
  const field = fieldOf(view, fields[position] ?? '')
  const label = expressionAt(source, 'qLabelExpression') ?? textAt(own, 'qLabel')
  const error = column.error ?? (info?.error === undefined ? undefined : wireError(info.error).code)
  const numeric = field !== undefined && field.symbols.count > 0 && field.symbols.allNumbers
  return {
    ...present({
      qFallbackTitle:
        (label === undefined || label === '' ? undefined : labelText(app, label, state)) ??
        titles[position] ??
        '',
      qApprMaxGlyphCount: info?.glyphCount ?? 0,
      qCardinal: info?.cardinal ?? field?.symbols.count ?? 0,
      qLocked:
        field !== undefined &&
        app.session.selections(state).fields.get(field.index)?.locked === true
          ? true
          : undefined,
      qSortIndicator: sortIndicators[info?.sortDirection ?? 'none'],
      qGroupFallbackTitles: titles,
      qGroupPos: position,
      qStateCounts: stateCounts(
        field === undefined ? undefined : app.session.inference(state).counts(field.index),
      ),
      qTags: field?.tags ?? [],
      qError: error === undefined ? undefined : { qErrorCode: error },
      qDimensionType:
        field?.tags.some((tag) => tag === '$date' || tag === '$timestamp') === true
          ? 'T'
          : numeric
            ? 'N'
            : 'D',
      qReverseSort: flagAt(own, 'qReverseSort') ? true : undefined,
      qGrouping: textAt(source, 'qGrouping') ?? 'N',
      qNumFormat: attributesOfFormat(info?.format ?? field?.symbols.format ?? null),
      qIsAutoFormat: true,
      qGroupFieldDefs: fields,
      qMin: wireNumber(info?.min ?? Number.NaN),
      qMax: wireNumber(info?.max ?? Number.NaN),
      qIsCalculated:
        (field === undefined || field.derived === true) && error === undefined ? true : undefined,
      qAttrExprInfo: attributeInfo(def),
      qAttrDimInfo: [],
      qCardinalities: {
        qCardinal: info?.cardinal ?? field?.symbols.count ?? 0,
        qHypercubeCardinal: info?.cubeCardinal ?? 0,
        qAllValuesCardinal: -1,
      },
      qCalcCondMsg: expressionAt(objectAt(def, 'qCalcCondition'), 'qMsg'),
      qLibraryId: libraryId,
    }),
    ...customMembers(own, inlineDimensionMembers),
  }
}

/** NxMeasureInfo of one measure. */
export function measureInfo(
  app: OpenApp,
  column: Column,
  info: CubeMeasureInfo | undefined,
  library: Library,
  state: string,
): JsonObject {
  const { def } = column
  const own = objectAt(def, 'qDef')
  const libraryId = textAt(def, 'qLibraryId') || undefined
  const item = libraryId === undefined ? undefined : objectAt(library(libraryId), 'qMeasure')
  const source = item ?? own
  const label =
    expressionAt(source, 'qLabelExpression') ?? (textAt(source, 'qLabel') || textAt(own, 'qLabel'))
  const error = column.error ?? (info?.error === undefined ? undefined : wireError(info.error).code)
  const givenFormat =
    textAt(objectAt(own, 'qNumFormat'), 'qType') ??
    textAt(objectAt(item, 'qNumFormat'), 'qType') ??
    'U'
  return {
    ...present({
      qFallbackTitle: label
        ? labelText(app, label, state)
        : (textAt(source, 'qDef') ?? '').replace(/^=/, ''),
      qApprMaxGlyphCount: info?.glyphCount ?? 0,
      qCardinal: 0,
      qSortIndicator: sortIndicators[info?.sortDirection ?? 'none'],
      qNumFormat: attributesOfFormat(info?.format ?? null),
      qMin: wireNumber(info?.min ?? Number.NaN),
      qMax: wireNumber(info?.max ?? Number.NaN),
      qError: error === undefined ? undefined : { qErrorCode: error },
      qReverseSort: flagAt(own, 'qReverseSort') ? true : undefined,
      qIsAutoFormat: givenFormat === 'U' || givenFormat === 'UNKNOWN' ? true : undefined,
      qAttrExprInfo: attributeInfo(def),
      qAttrDimInfo: [],
      qTrendLines: [],
      qCalcCondMsg: expressionAt(objectAt(def, 'qCalcCondition'), 'qMsg'),
      qLibraryId: libraryId,
    }),
    ...customMembers(own, inlineMeasureMembers),
  }
}

function attributeInfo(def: JsonObject): JsonObject[] {
  return objectsAt(def, 'qAttributeExpressions').map((attribute) => ({
    qFallbackTitle:
      textAt(attribute, 'qLabel') ||
      (expressionAt(attribute, 'qExpression') ?? '').replace(/^=/, ''),
    qMin: 'NaN',
    qMax: 'NaN',
    qNumFormat: attributesOfFormat(null),
    ...customMembers(attribute, attributeMembers),
  }))
}
