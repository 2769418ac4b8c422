import type { Json, JsonObject, Variable } from '../../app/document.ts'
import { numberOf, type Value } from '../../value/dual.ts'
import { textOf } from '../../value/text-of.ts'
import { objectNotFound, QixError } from '../error-codes.ts'
import { evaluateIn, isExpected } from '../evaluate.ts'
import type { TargetOf } from '../handles.ts'
import { objectAt, present, textAt, wireNumber } from '../json.ts'
import { patchesOf, variableProperties } from '../lists.ts'
import { metaOf } from '../meta.ts'
import type { OpenApp } from '../open-app.ts'
import { applyPatches } from '../patch.ts'
import { type AppCall, done, type MethodTable, method, type Result } from './method.ts'

type VariableCall = AppCall<TargetOf<'GenericVariable'>>

/** Source: https://help.qlik.com/en-US/sense-developer/Subsystems/EngineJSONAPI/Content/classes-genericvariable.htm */
export const genericVariableMethods: MethodTable<VariableCall> = {
  GetLayout: method('', ({ app, target }) => ({
    qLayout: layout(app, variableById(app, target.id)),
  })),
  GetProperties: method('', ({ app, target }) => ({
    qProp: variableProperties(variableById(app, target.id)),
  })),
  GetInfo: method('', ({ target }) => ({ qInfo: { qId: target.id, qType: 'variable' } })),
  GetRawContent: method('', ({ app, target }) => ({
    qReturn: variableById(app, target.id).definition,
  })),
  SetProperties: method('qProp', ({ app, target, params }) =>
    change(app, target.id, params.object('qProp')),
  ),
  ApplyPatches: method('qPatches', ({ app, target, params }) =>
    change(
      app,
      target.id,
      applyPatches(
        variableProperties(variableById(app, target.id)),
        patchesOf(params.objects('qPatches')),
      ),
    ),
  ),
  SetStringValue: method('qVal', ({ app, target, params }) =>
    define(app, target.id, params.text('qVal')),
  ),
  SetNumValue: method('qVal', ({ app, target, params }) =>
    define(app, target.id, String(params.number('qVal'))),
  ),
  SetDualValue: method('qText qNum', ({ app, target, params }) =>
    define(
      app,
      target.id,
      `=Dual('${params.text('qText').replaceAll("'", "''")}', ${params.number('qNum')})`,
    ),
  ),
}

/** A variable of the session or, behind those, of the app. @throws QixError `not-found` */
export function variableById(app: OpenApp, id: string): Variable {
  return find(app, (variable) => variable.id === id, id)
}

/** @throws QixError `not-found` */
export function variableByName(app: OpenApp, name: string): Variable {
  return find(app, (variable) => variable.name === name, name)
}

export function createVariable(app: OpenApp, properties: JsonObject, session: boolean): Variable {
  const name = textAt(properties, 'qName') ?? ''
  if (name.trim() === '')
    throw new QixError('invalid-params', 'A variable needs a name in qName', 'qName')
  const variables = session ? app.session.variables : app.document.variables
  if (variables.has(name))
    throw new QixError('duplicate-variable', 'A variable of that name exists already', name)
  const given = textAt(objectAt(properties, 'qInfo'), 'qId')
  const id = given || app.document.newId('variable')
  if (all(app).some((variable) => variable.id === id))
    throw new QixError('already-exists', 'A variable of that id exists already', id)
  const variable: Variable = {
    id,
    name,
    definition: textAt(properties, 'qDefinition') ?? '',
    comment: textAt(properties, 'qComment') ?? '',
    fromScript: false,
  }
  store(app, variable, session)
  return variable
}

/** Whether there was one. */
export function destroyVariable(
  app: OpenApp,
  matches: (variable: Variable) => boolean,
  session: boolean,
): boolean {
  const variables = session ? app.session.variables : app.document.variables
  const variable = [...variables.values()].find(matches)
  if (variable === undefined) return false
  variables.delete(variable.name)
  tell(app, variable.id, session)
  return true
}

function all(app: OpenApp): Variable[] {
  return [...app.session.variables.values(), ...app.document.variables.values()]
}

function find(app: OpenApp, matches: (variable: Variable) => boolean, sought: string): Variable {
  const variable = all(app).find(matches)
  if (variable === undefined) throw objectNotFound(sought)
  return variable
}

function isSession(app: OpenApp, { id, name }: Variable): boolean {
  return app.session.variables.get(name)?.id === id
}

function define(app: OpenApp, id: string, definition: string): Result {
  const variable = variableById(app, id)
  store(app, { ...variable, definition }, isSession(app, variable))
  return done
}

function change(app: OpenApp, id: string, properties: JsonObject): Result {
  const variable = variableById(app, id)
  const session = isSession(app, variable)
  const name = textAt(properties, 'qName') || variable.name
  const variables = session ? app.session.variables : app.document.variables
  if (name !== variable.name && variables.has(name))
    throw new QixError('duplicate-variable', 'A variable of that name exists already', name)
  if (name !== variable.name) variables.delete(variable.name)
  store(
    app,
    {
      ...variable,
      name,
      definition: textAt(properties, 'qDefinition') ?? '',
      comment: textAt(properties, 'qComment') ?? '',
    },
    session,
  )
  return done
}

function store(app: OpenApp, variable: Variable, session: boolean): void {
  const variables = session ? app.session.variables : app.document.variables
  variables.set(variable.name, variable)
  tell(app, variable.id, session)
}

function tell(app: OpenApp, id: string, session: boolean): void {
  if (session) app.contentChanged([id])
  else app.document.events.emit('content', { ids: [id] })
}

function layout(app: OpenApp, variable: Variable): JsonObject {
  const properties = variableProperties(variable)
  return {
    qInfo: properties.qInfo ?? {},
    qMeta: metaOf(properties),
    ...shown(app, variable.definition),
    ...present({ qIsScriptCreated: variable.fromScript ? true : undefined }),
  }
}

/** A definition with a leading `=` shows its value, any other itself. */
function shown(app: OpenApp, definition: string): { readonly [key: string]: Json } {
  if (!definition.startsWith('=')) {
    const number = definition.trim() === '' ? Number.NaN : Number(definition)
    return { qText: definition, qNum: wireNumber(number) }
  }
  try {
    const value: Value = evaluateIn(app, definition)
    return {
      qText: textOf(value, app.session.view.settings) ?? '-',
      qNum: wireNumber(numberOf(value)),
    }
  } catch (error) {
    if (!isExpected(error)) throw error
    return { qText: error.message.split('\n')[0] ?? '', qNum: 'NaN' }
  }
}
