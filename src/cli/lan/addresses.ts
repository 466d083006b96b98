import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os'

type Interfaces = NodeJS.Dict<NetworkInterfaceInfo[]>

/** Interfaces of containers, virtual machines and tunnels, which other devices of the network do not reach. */
const VIRTUAL = /^(docker|br-|veth|virbr|vmnet|vboxnet|vEthernet|utun|tun|tap|wg|tailscale|zt|lxc|lxd|podman|cni|flannel|bridge)/
const LINK_LOCAL = /^169\.254\./

/** IPv4 addresses at which other devices of the local network may reach this machine, the likeliest first. */
export function lanAddresses(interfaces: Interfaces = networkInterfaces()): string[] {
  const usable = Object.entries(interfaces).flatMap(([name, addresses]) =>
    (addresses ?? [])
      .filter(({ family, internal, address }) => family === 'IPv4' && !internal && !LINK_LOCAL.test(address))
      .map(({ address }) => ({ address, virtual: VIRTUAL.test(name) })),
  )
  const likeliestFirst = usable.sort((a, b) => Number(a.virtual) - Number(b.virtual))
  return [...new Set(likeliestFirst.map(({ address }) => address))]
}
