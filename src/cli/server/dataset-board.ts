import { EventEmitter } from 'node:events'
import { type CifarName, cifarFormats, cifarNames, type DatasetStatus, type DatasetStatuses } from '../../engine/index.ts'
import { type DatasetProgress, findFileDataset, findUsualSource, prepareDataset } from '../datasets/index.ts'

interface BoardEvents {
  change: []
}

const stageTexts: Record<DatasetProgress['stage'], string> = {
  download: 'downloading',
  check: 'checking the archive',
  unpack: 'unpacking',
  convert: 'converting',
  store: 'storing',
}

const shapes10: DatasetStatus = { title: 'Shapes-10', state: 'ready', fraction: 1, message: 'Built in; nothing to download.' }

/** Knows which data sets are there, prepares one in the background, and tells whoever listens to `change`. */
export class DatasetBoard extends EventEmitter<BoardEvents> {
  /** what is going on with a data set that was not there, as long as it is not there */
  private readonly notes = new Map<CifarName, DatasetStatus>()
  private readonly aborting = new AbortController()
  private readonly running = new Set<Promise<unknown>>()

  constructor(private readonly root: string) {
    super()
    this.setMaxListeners(0)
  }

  /** Looks anew each time, because `lab datasets` may have prepared one meanwhile. */
  async statuses(): Promise<DatasetStatuses> {
    const entries = await Promise.all(cifarNames.map(async (name) => [name, await this.statusOf(name)] as const))
    return { shapes10, ...Object.fromEntries(entries) }
  }

  private async statusOf(name: CifarName): Promise<DatasetStatus> {
    const { title } = cifarFormats[name]
    const note = this.notes.get(name)
    if (note?.state === 'preparing') return note
    const ready = await findFileDataset(this.root, name)
    if (ready) return { title, state: 'ready', fraction: 1, message: `From ${ready.manifest.source}.` }
    return note ?? { title, state: 'unavailable', fraction: 0, message: `Not prepared; run: npm run lab -- datasets ${name}` }
  }

  /**
   * Prepares a data set unless it is there; never rejects: what went wrong becomes its status.
   * @param onProgress also told, for the terminal
   */
  async prepare(name: CifarName, onProgress?: (progress: DatasetProgress) => void): Promise<DatasetStatus> {
    const present = await this.statusOf(name)
    if (present.state !== 'unavailable') return present
    const work = this.prepareMissing(name, onProgress)
    this.running.add(work)
    await work
    this.running.delete(work)
    return this.statusOf(name)
  }

  private async prepareMissing(name: CifarName, onProgress?: (progress: DatasetProgress) => void): Promise<void> {
    const format = cifarFormats[name]
    const { title } = format
    const note = (status: Pick<DatasetStatus, 'state' | 'fraction' | 'message'>) => {
      this.notes.set(name, { title, ...status })
      this.emit('change')
    }
    note({ state: 'preparing', fraction: 0, message: `Looking for ${title}.` })
    let downloading = false
    try {
      const source = await findUsualSource(format)
      downloading = source === null
      await prepareDataset(format, {
        root: this.root,
        source,
        signal: this.aborting.signal,
        onProgress: (progress) => {
          onProgress?.(progress)
          const detail = progress.detail ? ` (${progress.detail})` : ''
          note({
            state: 'preparing',
            fraction: overall(progress, downloading),
            message: `${title}: ${stageTexts[progress.stage]}${detail}.`,
          })
        },
      })
      this.notes.delete(name)
    } catch (error) {
      const reason = error instanceof Error ? error.message.replace(/\.$/, '') : String(error)
      const message = downloading
        ? `${title} could not be downloaded: ${reason}; the lab goes on with Shapes-10. With a local copy: npm run lab -- datasets ${name} --from FILE_OR_FOLDER`
        : `${title} could not be prepared: ${reason}; the lab goes on with Shapes-10.`
      this.notes.set(name, { title, state: 'unavailable', fraction: 0, message })
    }
    this.emit('change')
  }

  /** Gives up what is being prepared; resolves when nothing of it is left behind. */
  async close(): Promise<void> {
    this.aborting.abort()
    await Promise.all(this.running)
  }
}

/** Share of each stage in the whole, by typical time; a download outweighs all else. */
function overall({ stage, fraction }: DatasetProgress, downloading: boolean): number {
  const shares: [DatasetProgress['stage'], number][] = downloading
    ? [
        ['download', 0.9],
        ['check', 0],
        ['unpack', 0.05],
        ['convert', 0.03],
        ['store', 0.02],
      ]
    : [
        ['download', 0],
        ['check', 0.1],
        ['unpack', 0.2],
        ['convert', 0.5],
        ['store', 0.2],
      ]
  let before = 0
  for (const [name, share] of shares) {
    if (name === stage) return before + share * fraction
    before += share
  }
  return before
}
