import { readFile } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { AccessError } from '@lichen/engine'
import { importSPKI, type JWTPayload, jwtVerify } from 'jose'

/** Who a connection belongs to. */
export interface User {
  readonly id: string
  readonly name: string
  readonly email: string | undefined
  readonly groups: readonly string[]
  /** What the client calls itself, in the request. */
  readonly client?: string
}

/** Tells the user of a request. @throws AccessError */
export type Authenticate = (request: IncomingMessage) => Promise<User>

/** Everyone is the local developer: for loopback without a key. */
export const localDeveloper: Authenticate = async () => ({
  id: 'developer',
  name: 'Local developer',
  email: undefined,
  groups: [],
})

const bearerProtocol = 'lichen.bearer.'

/** Every connection needs a valid RS256 or ES256 token of this issuer and audience. */
export async function tokenAuthentication(options: {
  readonly publicKeyFile: string
  readonly issuer: string
  readonly audience: string
}): Promise<Authenticate> {
  const pem = await readFile(options.publicKeyFile, 'utf8')
  const keys = await Promise.allSettled(
    ['RS256', 'ES256'].map(async (algorithm) => ({
      algorithm,
      key: await importSPKI(pem, algorithm),
    })),
  )
  const usable = keys.filter((key) => key.status === 'fulfilled').map(({ value }) => value)
  const [first] = usable
  if (first === undefined)
    throw new AccessError('The JWT public key is neither an RSA nor a P-256 key in PEM (SPKI) form')
  return async (request) => {
    const token = tokenOf(request)
    if (token === undefined) throw new AccessError('A token is required')
    for (const { algorithm, key } of usable) {
      try {
        const { payload } = await jwtVerify(token, key, {
          algorithms: [algorithm],
          issuer: options.issuer,
          audience: options.audience,
          requiredClaims: ['sub', 'exp'],
        })
        return userOf(payload)
      } catch {
        // The next algorithm of the key may fit; a token that fits none is refused below without saying why.
      }
    }
    throw new AccessError('The token is not valid here')
  }
}

/** `Authorization: Bearer …`, or for browsers, which cannot set headers, the subprotocol `lichen.bearer.<token>`. */
function tokenOf(request: IncomingMessage): string | undefined {
  const { authorization } = request.headers
  if (authorization?.startsWith('Bearer ') === true)
    return authorization.slice('Bearer '.length).trim()
  const protocols = (request.headers['sec-websocket-protocol'] ?? '')
    .split(',')
    .map((protocol) => protocol.trim())
  return protocols
    .find((protocol) => protocol.startsWith(bearerProtocol))
    ?.slice(bearerProtocol.length)
}

function userOf(payload: JWTPayload): User {
  const { sub, name, email, groups } = payload
  return {
    id: sub ?? '',
    name: typeof name === 'string' ? name : (sub ?? ''),
    email: typeof email === 'string' ? email : undefined,
    groups: Array.isArray(groups) ? groups.filter((group) => typeof group === 'string') : [],
  }
}
