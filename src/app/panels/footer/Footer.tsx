import './footer.css'
import { Button, Drawer, Menu } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useEffect, useState } from 'react'
import { keptRunOf } from '../../runs/kept-run.ts'
import { useKeptRuns } from '../../runs/kept-runs.ts'
import { sentence } from '../../sentence.ts'
import { useLab } from '../../store.ts'
import { texts } from '../../texts/index.ts'
import { DownloadIcon, LogIcon, OptimumIcon } from '../../widgets/icons.tsx'
import { type Exportable, ExportItems } from './ExportItems.tsx'

/** What you are seeing and what to try next; the small experiment; the log; the export. */
export function Footer() {
  return (
    <footer className="bottom">
      <Sentence />
      <Button size="xs" variant="subtle" color="gray" component="a" href="quadratic.html" target="_blank" leftSection={<OptimumIcon />}>
        {texts.quadratic}
      </Button>
      <LogButton />
      <ExportButton />
    </footer>
  )
}

/** While a run goes on, the sentence stands for so long: it is to be read, also aloud. */
const SENTENCE_MS = 8_000

function Sentence() {
  const now = useLab(sentence)
  const topic = useLab(({ room, run }) => `${room.phase} ${room.members.length} ${run?.id} ${run?.phase}`)
  const text = useSteady(now, topic)
  return (
    <p className="sentence" role="status">
      {text}
    </p>
  )
}

/** The value as it was told last: a new one is told when the topic changes, else after a while. */
function useSteady(value: string, topic: string): string {
  const [told, setTold] = useState({ value, topic, atMs: performance.now() })
  useEffect(() => {
    if (value === told.value && topic === told.topic) return
    const tell = () => setTold({ value, topic, atMs: performance.now() })
    const waitMs = topic === told.topic && topic.endsWith('running') ? told.atMs + SENTENCE_MS - performance.now() : 0
    if (waitMs <= 0) return tell()
    const timer = setTimeout(tell, waitMs)
    return () => clearTimeout(timer)
  }, [value, topic, told])
  return told.value
}

function LogButton() {
  const log = useLab((state) => state.log)
  const [opened, { open, close }] = useDisclosure(false)
  return (
    <>
      <Button size="xs" variant="subtle" color="gray" leftSection={<LogIcon />} onClick={open}>
        {texts.log}
      </Button>
      <Drawer closeButtonProps={{ 'aria-label': texts.close }} opened={opened} onClose={close} title={texts.log} position="right" size="md">
        {log.length === 0 ? (
          <p className="empty">{texts.empty.log}</p>
        ) : (
          <ol className="log">
            {log.toReversed().map(({ atMs, level, text }, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: entries have no other identity
              <li key={log.length - i} data-level={level}>
                <time dateTime={new Date(atMs).toISOString()}>{new Date(atMs).toLocaleTimeString('en-GB')}</time>
                <span>{text}</span>
              </li>
            ))}
          </ol>
        )}
      </Drawer>
    </>
  )
}

function ExportButton() {
  const run = useLab((state) => state.run)
  const nothing = useLab(({ metrics }) => metrics.isEmpty)
  return (
    <Menu position="top-end" withinPortal>
      <Menu.Target>
        <Button size="xs" variant="subtle" color="gray" leftSection={<DownloadIcon />} disabled={!run || nothing}>
          {texts.export}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <ExportItems load={runOnScreen} />
      </Menu.Dropdown>
    </Menu>
  )
}

/** A recording is exported whole, wherever it is wound. */
async function runOnScreen(): Promise<Exportable> {
  const { run, metrics, room, replay } = useLab.getState()
  if (replay) return { run: replay.kept, metrics: replay.cursor.recording.whole }
  if (!run) throw new Error(texts.charts.empty)
  const kept = useKeptRuns.getState().runs?.find(({ id }) => id === run.id)
  return { run: kept ?? keptRunOf(run, metrics, room, Date.now()), metrics }
}
