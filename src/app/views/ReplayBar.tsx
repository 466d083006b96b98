import './replay-bar.css'
import { Button, SegmentedControl, Tooltip } from '@mantine/core'
import { useEffect, useRef } from 'react'
import { draftOf } from '../../engine/index.ts'
import { formatDateTime, formatDuration } from '../format.ts'
import { useKeptRuns } from '../runs/kept-runs.ts'
import { leaveReplay, playReplay, seekReplay, setReplaySpeed } from '../runs/replay.ts'
import { type Replay, type Speed, speeds } from '../runs/replay-state.ts'
import { useLab } from '../store.ts'
import { texts } from '../texts/index.ts'
import { EndIcon, PauseIcon, PlayIcon } from '../widgets/icons.tsx'

/** While it plays, the recording is wound so often. */
const TICK_MS = 100
/** The slider's places: an arrow key moves by one of 200, the pointer by one of 1,000. */
const PLACES = 1_000
const KEY_PLACES = 5

/** Says that a recording is on screen, and winds it. Nothing for a run of this page. */
export function ReplayBar() {
  const replay = useLab((state) => state.replay)
  return replay && <Bar key={replay.kept.id} replay={replay} />
}

function Bar({ replay }: { replay: Replay }) {
  const { kept, cursor, seconds, playing, speed } = replay
  const { duration } = cursor.recording
  const name = useKeptRuns(({ runs }) => runs?.find(({ id }) => id === kept.id)?.name ?? kept.name)
  const slider = useRef<HTMLInputElement>(null)
  // The bar is at the top, where the view begins.
  useEffect(() => slider.current?.focus({ preventScroll: true }), [])
  usePlaying(playing, speed)
  const place = texts.replay.place(formatDuration(seconds), formatDuration(duration), cursor.metrics.maxStep)
  return (
    <section className="replay-bar" aria-label={texts.replay.title}>
      <p className="replay-title">
        <span className="tag">{texts.replay.title}</span>
        <strong>{name}</strong>
        <span className="dim">
          {texts.runPhase[kept.end].toLowerCase()} {formatDateTime(kept.endedAtMs)}
          {kept.message && `: ${kept.message}`}
        </span>
      </p>
      <div className="replay-buttons">
        <Tooltip label={texts.replay.settingsHint}>
          <Button size="compact-xs" variant="default" onClick={() => takeSettings(replay)}>
            {texts.replay.settings}
          </Button>
        </Tooltip>
        <Button size="compact-xs" onClick={leave}>
          {texts.replay.leave}
        </Button>
      </div>
      <div className="replay-slider">
        <Button
          size="compact-xs"
          variant="default"
          aria-label={playing ? texts.replay.pause : texts.replay.play}
          onClick={() => playReplay(!playing)}
        >
          {playing ? <PauseIcon size={13} /> : <PlayIcon size={13} />}
        </Button>
        <input
          ref={slider}
          type="range"
          aria-label={texts.replay.slider}
          aria-valuetext={place}
          min={0}
          max={PLACES}
          step={1}
          value={duration > 0 ? Math.round((PLACES * seconds) / duration) : PLACES}
          onChange={(event) => seekReplay((duration * Number(event.currentTarget.value)) / PLACES)}
          onKeyDown={(event) => {
            const direction = directions[event.key]
            if (!direction) return
            event.preventDefault()
            seekReplay(seconds + (direction * duration * KEY_PLACES) / PLACES)
          }}
        />
        <output className="number">{place}</output>
        <SegmentedControl
          size="xs"
          aria-label={texts.replay.speed}
          data={speeds.map((value) => ({ value: String(value), label: `${value}×` }))}
          value={String(speed)}
          onChange={(value) => setReplaySpeed(Number(value) as Speed)}
        />
        <Tooltip label={texts.replay.end}>
          <Button size="compact-xs" variant="default" aria-label={texts.replay.end} onClick={() => seekReplay(duration)}>
            <EndIcon size={13} />
          </Button>
        </Tooltip>
      </div>
    </section>
  )
}

/** Page, Home and End keys do what they do in every slider. */
const directions: Record<string, 1 | -1 | undefined> = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }

function usePlaying(playing: boolean, speed: Speed): void {
  useEffect(() => {
    if (!playing) return
    let lastMs = performance.now()
    const timer = setInterval(() => {
      const nowMs = performance.now()
      const { replay } = useLab.getState()
      if (replay) seekReplay(replay.seconds + (speed * (nowMs - lastMs)) / 1_000)
      lastMs = nowMs
    }, TICK_MS)
    return () => clearInterval(timer)
  }, [playing, speed])
}

function takeSettings({ kept: { config, simulated } }: Replay): void {
  const { workers, ...draft } = draftOf(config)
  // In a room there are as many workers as tabs.
  useLab.setState({ draft: simulated ? { ...draft, workers } : draft, simulated })
}

/** The button goes, and its focus with it: the chosen tab is the nearest place. */
function leave(): void {
  leaveReplay()
  document.querySelector<HTMLElement>('.views [role="tab"][aria-selected="true"]')?.focus()
}
