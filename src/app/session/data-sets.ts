import { cifarFormatOfArchive, type DatasetStatus, listOpfsDatasets, prepareArchiveInOpfs } from '../../engine/index.ts'
import { followDatasets } from '../datasets.ts'
import { addToLog, useLab } from '../store.ts'

/** What this browser itself holds: it stands even where the server has nothing. */
const own = new Map<string, DatasetStatus>()
let fromServer: Record<string, DatasetStatus> = {}

/** Keeps the state of data sets on screen up to date: the server's, and what was dropped on the page. Returns how to end that. */
export function watchDatasets(base: URL): () => void {
  listOpfsDatasets().then((names) => {
    for (const name of names) setOwn(name, { title: name, state: 'ready', fraction: 1, message: 'prepared in this browser' })
  })
  return followDatasets(base, (statuses) => {
    for (const [name, status] of Object.entries(statuses)) {
      if (status.state === 'ready' && fromServer[name]?.state === 'preparing') addToLog('info', `${status.title} is ready.`)
      if (status.state === 'unavailable' && fromServer[name]?.state === 'preparing')
        addToLog('warning', `${status.title}: ${status.message}`)
    }
    fromServer = statuses
    show()
  })
}

/** Prepares an official archive in this browser, with its progress on screen. Rejects with a message for the user. */
export async function prepareArchive(file: File): Promise<void> {
  const format = cifarFormatOfArchive(file.name, file.size)
  const title = format?.title ?? file.name
  const report = (fraction: number, message: string) => format && setOwn(format.name, { title, state: 'preparing', fraction, message })
  try {
    const manifest = await prepareArchiveInOpfs(file, { onProgress: ({ stage, fraction }) => report(fraction, stages[stage]) })
    setOwn(manifest.name, { title: manifest.title, state: 'ready', fraction: 1, message: 'prepared in this browser' })
    addToLog('info', `${manifest.title} is ready in this browser; other tabs of this browser have it too.`)
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    if (format) setOwn(format.name, { title, state: 'unavailable', fraction: 0, message })
    addToLog('error', message)
    throw error
  }
}

const stages = { check: 'checking the archive', unpack: 'unpacking', convert: 'converting', store: 'storing' }

function setOwn(name: string, status: DatasetStatus): void {
  own.set(name, status)
  show()
}

function show(): void {
  const shown = { ...fromServer }
  for (const [name, status] of own) if (shown[name]?.state !== 'ready') shown[name] = status
  useLab.setState({ datasets: shown })
}
