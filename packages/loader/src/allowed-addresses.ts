import { LichenError } from '@lichen/engine'

/** Whether an address may be asked. */
export type AllowedAddresses = (address: URL) => boolean

/**
 * An allow-list of hosts. An entry is `host`, `*.host` for every name below it, with `:port` for another port than the scheme's own, and with
 * `https://` before it for that scheme only. Addresses with a user name or password are never allowed.
 * @throws LichenError `invalid-argument`
 */
export function allowedAddresses(entries: readonly string[]): AllowedAddresses {
  const allowed = entries.map(allowedHost)
  return (address) =>
    /^https?:$/.test(address.protocol) &&
    address.username === '' &&
    address.password === '' &&
    allowed.some((each) => each(address))
}

function allowedHost(entry: string): AllowedAddresses {
  const form = /^(?:(https?):\/\/)?(\*\.)?([^\s/:@?#*\\]+|\[[\da-f:.]+\])(?::(\d{1,5}))?\/?$/i
  const [, scheme, below, name, port] = form.exec(entry) ?? []
  if (name === undefined || !URL.canParse(`http://${name}`))
    throw new LichenError(
      'invalid-argument',
      `"${entry}" names no host; write host, *.host, host:port or https://host`,
    )
  // As addresses are compared: lower case, punycode, numbers in one form.
  const host = new URL(`http://${name}`).hostname
  return ({ protocol, hostname, port: asked }) =>
    (scheme === undefined || protocol === `${scheme.toLowerCase()}:`) &&
    (below === undefined ? hostname === host : hostname.endsWith(`.${host}`)) &&
    Number(asked || ownPort(protocol)) === Number(port ?? ownPort(protocol))
}

function ownPort(protocol: string): number {
  return protocol === 'http:' ? 80 : 443
}
