/** Names of this computer for itself. */
const LOOPBACK = /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/

/** The address by which other devices come to this page. */
export interface Invitation {
  url: URL
  /** browsers give WebGPU to secure pages only */
  secure: boolean
}

/**
 * @param page its own address
 * @param address where the server says that other devices reach its pages, if it does
 * @returns null when no other device can come
 */
export function invitationTo(page: URL, address: string | undefined): Invitation | null {
  const url = address === undefined ? new URL(page) : new URL(address)
  if (LOOPBACK.test(url.hostname)) return null
  url.search = page.search
  url.hash = page.hash
  return { url, secure: url.protocol === 'https:' }
}
