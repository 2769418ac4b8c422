import { BlockList, isIP } from 'node:net'

/** Networks that are not the public internet: own, local, carrier, documentation, multicast, reserved; and what clouds answer instances on. */
const privateNetworks: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['168.63.129.16', 32],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
]

/** Within 2000::/3, which holds all public addresses: special purposes with Teredo, documentation, 6to4. */
const privateNetworks6: readonly (readonly [string, number])[] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
]

const refused = new BlockList()
for (const [network, bits] of privateNetworks) {
  refused.addSubnet(network, bits, 'ipv4')
  // Behind NAT64 an address leads to the IPv4 address it ends in.
  refused.addSubnet(`64:ff9b::${network}`, 96 + bits, 'ipv6')
  refused.addSubnet(`::ffff:${network}`, 96 + bits, 'ipv6')
}
for (const [network, bits] of privateNetworks6) refused.addSubnet(network, bits, 'ipv6')

const reachable = new BlockList()
reachable.addSubnet('2000::', 3, 'ipv6')
reachable.addSubnet('64:ff9b::', 96, 'ipv6')
reachable.addSubnet('::ffff:0:0', 96, 'ipv6')

/** Whether an IP address, as a resolver gives it, leads into a private network, this machine or nowhere. What is no address is private. */
export function isPrivateAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return refused.check(address, 'ipv4')
    case 6: {
      // A zone names an interface of this machine.
      if (address.includes('%')) return true
      return !reachable.check(address, 'ipv6') || refused.check(address, 'ipv6')
    }
    default:
      return true
  }
}
