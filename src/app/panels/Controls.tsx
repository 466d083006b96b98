import { Button, Tooltip } from '@mantine/core'
import { useEffect, useMemo, useState } from 'react'
import { useActions } from '../actions.ts'
import { checkRun, tabWorkers } from '../form/check-run.ts'
import { isActive, useLab } from '../store.ts'
import { texts } from '../texts.ts'
import { PauseIcon, PlayIcon, ResetIcon, StepIcon, StopIcon } from '../widgets/icons.tsx'

/** Start, pause, step, stop, reset: what is possible now is enabled. */
export function Controls() {
  const actions = useActions()
  const run = useLab((state) => state.run)
  const roomPhase = useLab((state) => state.room.phase)
  const isHost = useLab((state) => state.room.members.some((member) => member.self && member.host))
  const locked = useLab((state) => state.room.locked)
  const draft = useLab((state) => state.draft)
  const simulated = useLab((state) => state.simulated)
  const tabs = useLab(tabWorkers)
  const config = useMemo(() => checkRun(draft, tabs).config, [draft, tabs])
  const active = isActive(run)
  const phase = active ? run.phase : null
  const inRoom = roomPhase === 'open' || roomPhase === 'offline'
  // A simulated run is this tab's own affair.
  const own = active ? run.simulation !== null : simulated
  const refusal = own ? '' : !inRoom ? texts.controls.closedHint : locked && !isHost ? texts.controls.lockedHint : ''
  const allowed = refusal === ''
  const startHint = refusal || (config ? '' : texts.controls.invalidHint)
  const paused = phase === 'paused'
  const [pausing, setPausing] = usePausing()

  return (
    <div className="controls" role="toolbar" aria-label="Run controls">
      <Tooltip label={startHint} disabled={!startHint} multiline maw={240}>
        <Button
          size="xs"
          leftSection={<PlayIcon />}
          disabled={!allowed || !config || active}
          // The reason of a refusal is in the log and on screen; nothing is left to do here.
          onClick={() => config && (simulated ? actions.simulate(config) : actions.start(config)).catch(() => {})}
        >
          {texts.controls.start}
        </Button>
      </Tooltip>
      {paused ? (
        <Button size="xs" variant="default" leftSection={<PlayIcon />} disabled={!allowed} onClick={actions.resume}>
          {texts.controls.resume}
        </Button>
      ) : (
        <Tooltip label={texts.controls.pausingHint} disabled={!pausing} multiline maw={240}>
          <Button
            size="xs"
            variant="default"
            leftSection={<PauseIcon />}
            disabled={!allowed || phase !== 'running'}
            aria-disabled={pausing || undefined}
            onClick={() => {
              if (pausing) return
              setPausing()
              actions.pause()
            }}
          >
            {pausing ? texts.controls.pausing : texts.controls.pause}
          </Button>
        </Tooltip>
      )}
      <Tooltip label={texts.controls.stepHint}>
        <Button size="xs" variant="default" leftSection={<StepIcon />} disabled={!allowed || !paused} onClick={actions.stepRound}>
          {texts.controls.step}
        </Button>
      </Tooltip>
      <Button size="xs" variant="default" leftSection={<StopIcon />} disabled={!allowed || !active} onClick={actions.stop}>
        {texts.controls.stop}
      </Button>
      <Tooltip label={texts.controls.resetHint} multiline maw={240}>
        <Button size="xs" variant="subtle" color="gray" leftSection={<ResetIcon />} disabled={active} onClick={actions.reset}>
          {texts.controls.reset}
        </Button>
      </Tooltip>
    </div>
  )
}

/** Has this tab asked for a pause that is still to come? A refusal is a notice: then it may be asked for again. */
function usePausing(): [boolean, () => void] {
  const phase = useLab((state) => state.run?.phase)
  const notice = useLab((state) => state.notice)
  const [asked, setAsked] = useState(false)
  // biome-ignore lint/correctness/useExhaustiveDependencies: any change of these is the answer
  useEffect(() => setAsked(false), [phase, notice])
  return [asked, () => setAsked(true)]
}
