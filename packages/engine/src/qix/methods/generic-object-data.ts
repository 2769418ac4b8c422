import type { TargetOf } from '../handles.ts'
import { cubePages } from '../hypercube-layout.ts'
import { listPages } from '../list-object-layout.ts'
import { cubeAt, listAtPath } from '../object-definition.ts'
import { type AppCall, type MethodTable, method } from './method.ts'

type ObjectCall = AppCall<TargetOf<'GenericObject'>>

/** Pages of data beyond those of the layout; what lies outside is clipped. */
export const genericObjectDataMethods: MethodTable<ObjectCall> = {
  GetHyperCubeData: method('qPath qPages', ({ app, target, params }) => {
    const { def, computed } = cubeAt(app, target.id, params.text('qPath'))
    return { qDataPages: cubePages(app, def, computed, params.objects('qPages')) }
  }),
  /** Every row is given: nothing is reduced. */
  GetHyperCubeReducedData: method(
    'qPath qPages qZoomFactor qReductionMode',
    ({ app, target, params }) => {
      const { def, computed } = cubeAt(app, target.id, params.text('qPath'))
      return { qDataPages: cubePages(app, def, computed, params.objects('qPages')) }
    },
  ),
  GetListObjectData: method('qPath qPages', ({ app, target, params }) => {
    const { def, place } = listAtPath(app, target.id, params.text('qPath'))
    return { qDataPages: listPages(app, def, place, params.objects('qPages')) }
  }),
}
