import { checkRun } from '../form/check-run.ts'
import { useLab } from '../store.ts'
import { type UrlState, writeUrl } from '../url-state.ts'

/** Browsers limit how often a page may rewrite its address. */
const WRITE_AFTER_MS = 300

/** Keeps the page's address equal to the form, while the form is valid. Returns how to end that. */
export function keepAddress({ room, secret }: Pick<UrlState, 'room' | 'secret'>): () => void {
  let due: ReturnType<typeof setTimeout> | undefined
  const stop = useLab.subscribe(({ draft }, before) => {
    if (draft === before.draft || !checkRun(draft, 1).config) return
    clearTimeout(due)
    due = setTimeout(() => history.replaceState(null, '', writeUrl(new URL(location.href), { draft, room, secret })), WRITE_AFTER_MS)
  })
  return () => {
    clearTimeout(due)
    stop()
  }
}
