/** The text at an address; null where there is none, or it cannot be reached. */
export async function fetchText(url: URL, init?: RequestInit): Promise<string | null> {
  try {
    const response = await fetch(url, init)
    // Some hosts answer a missing file with a page.
    const isPage = response.headers.get('Content-Type')?.startsWith('text/html')
    return response.ok && !isPage ? await response.text() : null
  } catch {
    return null
  }
}
