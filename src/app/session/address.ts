import { checkRun } from '../form/check-run.ts'
import { useLab } from '../store.ts'
import { type UrlState, writeUrl } from '../url-state.ts'

/** Browsers limit how often a page may rewrite its address. */
const WRITE_AFTER_MS = 300

/** Keeps the page's address equal to the form, while the form is valid. Returns how to end that. */
export function keepAddress({ room, secret }: Pick<UrlState, 'room' | 'secret'>): () => void {
  let due: ReturnType<typeof setTimeout> | undefined
  const stop = useLab.subscribe(({ draft, simulated, lesson }, before) => {
    if (draft === before.draft && simulated === before.simulated && lesson === before.lesson) return
    if (!checkRun(draft, simulated ? null : 1).config) return
    clearTimeout(due)
    const write = () => history.replaceState(null, '', writeUrl(new URL(location.href), { draft, simulated, lesson, room, secret }))
    due = setTimeout(write, WRITE_AFTER_MS)
  })
  return () => {
    clearTimeout(due)
    stop()
  }
}

/** Puts the secret of the room into the page's address, so that a copy of it invites. */
export function writeSecret(address: URL, secret: string): void {
  const url = new URL(address)
  const fragment = new URLSearchParams(url.hash.slice(1))
  fragment.set('secret', secret)
  url.hash = fragment.toString()
  history.replaceState(null, '', url)
}
