import type { Value } from '../value/dual.ts'
import {
  absent,
  category,
  type Definition,
  portOf,
  type ScalarFunction,
  textArg,
  truth,
} from './function.ts'

type TextPort =
  | 'user'
  | 'osUser'
  | 'computerName'
  | 'clientPlatform'
  | 'documentName'
  | 'documentTitle'
  | 'engineVersion'
  | 'stateName'

function ofHost(
  name: string,
  meaning: string,
  port: TextPort,
  context: 'both' | 'chart' = 'both',
): Definition {
  return {
    signature: `${name}()`,
    meaning,
    min: 0,
    context,
    evaluate: (_, functionContext): Value => portOf(functionContext, port, name)(),
  }
}

export const systemFunctions: readonly ScalarFunction[] = category(
  'system',
  'SystemFunctions/system-functions.htm',
  [
    {
      signature: 'OSUser()',
      meaning: 'user directory and id',
      min: 0,
      evaluate: (_, context): Value =>
        context.ports.osUser?.() ?? portOf(context, 'user', 'OSUser')(),
    },
    ofHost('ComputerName', 'name of the computer', 'computerName'),
    ofHost('ClientPlatform', 'browser user agent', 'clientPlatform'),
    ofHost('DocumentName', 'app name or id', 'documentName'),
    ofHost('DocumentTitle', 'app title', 'documentTitle'),
    ofHost('EngineVersion', 'engine version', 'engineVersion'),
    ofHost('StateName', 'alternate state of the object', 'stateName', 'chart'),
    {
      signature: 'IsPartialReload()',
      meaning: '-1 during a partial reload',
      min: 0,
      context: 'script',
      pure: false,
      evaluate: (_, context) => truth(portOf(context, 'isPartialReload', 'IsPartialReload')()),
    },
    {
      signature: 'QVUser()',
      meaning: 'older name of the user',
      min: 0,
      evaluate: (_, context): Value => portOf(context, 'user', 'QVUser')(),
    },
    {
      signature: 'GetUserAttr(name)',
      meaning: 'attribute of the user, NULL when it is not known',
      evaluate: (args, context): Value => {
        const name = textArg(args, 0, context)
        return name === null ? null : (context.ports.userAttribute?.(name) ?? null)
      },
    },
    absent('GetSysAttr(name)', 'attribute of the tenant or space', 1),
    absent('GetRegistryString(path, key)', 'value in the Windows registry', 2),
    absent('Author()', 'author property of the app', 0),
    absent('DocumentPath()', 'path of the app in the file system', 0),
    {
      signature: 'GetCollationLocale()',
      meaning: 'collation locale',
      min: 0,
      context: 'script',
      evaluate: (_, context): Value => context.settings.collationLocale,
    },
    {
      signature: 'ConnectString()',
      meaning: 'current connect string',
      min: 0,
      context: 'script',
      pure: false,
      evaluate: (_, context): Value => portOf(context, 'connectString', 'ConnectString')(),
    },
  ],
)
