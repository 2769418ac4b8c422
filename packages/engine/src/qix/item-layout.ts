import type { JsonObject, StoredObject } from '../app/document.ts'
import { labelText } from './evaluate.ts'
import { fieldOf } from './field-reference.ts'
import { expressionAt, listAt, objectAt, textAt } from './json.ts'
import { metaOf } from './meta.ts'
import type { OpenApp } from './open-app.ts'

/** Layout of a master dimension. */
export function dimensionLayout(app: OpenApp, { properties }: StoredObject): JsonObject {
  const dimension = objectAt(properties, 'qDim') ?? {}
  const definitions = listAt(dimension, 'qFieldDefs').filter(
    (definition): definition is string => typeof definition === 'string',
  )
  const label = expressionAt(dimension, 'qLabelExpression')
  const title = listAt(dimension, 'qFieldLabels')[0]
  return {
    ...properties,
    qMeta: metaOf(properties),
    qDim: {
      qGrouping: 'N',
      qFieldDefs: definitions,
      qFieldLabels: listAt(dimension, 'qFieldLabels'),
      ...dimension,
      title:
        label === undefined
          ? typeof title === 'string' && title !== ''
            ? title
            : (definitions[0] ?? '')
          : labelText(app, label),
    },
    qDimInfos: definitions.map((definition) => {
      const field = fieldOf(app.session.view, definition)
      return {
        qName: field?.name ?? definition,
        qApprMaxGlyphCount: 0,
        qCardinal: field?.symbols.count ?? 0,
        qTags: field?.tags ?? [],
        qIsSemantic: false,
      }
    }),
  }
}

/** Layout of a master measure. */
export function measureLayout(app: OpenApp, { properties }: StoredObject): JsonObject {
  const measure = objectAt(properties, 'qMeasure') ?? {}
  const label = expressionAt(measure, 'qLabelExpression')
  return {
    ...properties,
    qMeta: metaOf(properties),
    qMeasure: {
      qLabel: '',
      qDef: '',
      qGrouping: 'N',
      qExpressions: [],
      qActiveExpression: 0,
      qNumFormat: { qType: 'U', qnDec: 0, qUseThou: 0 },
      ...measure,
      ...(label === undefined
        ? {}
        : { qLabel: labelText(app, label) || (textAt(measure, 'qLabel') ?? '') }),
    },
  }
}
