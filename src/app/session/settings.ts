import { type LabSettings, labSettings, SETTINGS_FILE } from '../../p2p/index.ts'
import { fetchText } from '../fetch-text.ts'
import { addToLog } from '../store.ts'

/** The page waits for them, but not for ever. */
const LIMIT_MS = 5_000

/** What serves these pages says about them; nothing where it says nothing. What cannot be used is told to the user, and left out. */
export async function loadSettings(page: URL): Promise<LabSettings> {
  const text = await fetchText(new URL(SETTINGS_FILE, page), { cache: 'no-cache', signal: AbortSignal.timeout(LIMIT_MS) })
  if (text === null) return {}
  const { data, error } = labSettings.safeParse(parseJson(text))
  if (data) return data
  const issues = error.issues.map(({ path, message }) => [path.join('.'), message].filter(Boolean).join(': '))
  addToLog('error', `${SETTINGS_FILE} beside this page cannot be used. ${issues.join('; ')}.`)
  return {}
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
