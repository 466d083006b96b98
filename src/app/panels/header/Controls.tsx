import { Button, Tooltip } from '@mantine/core'
import { useEffect, useState } from 'react'
import { useActions } from '../../actions.ts'
import { useStart } from '../../form/use-start.ts'
import { isActive } from '../../state.ts'
import { useLab } from '../../store.ts'
import { texts } from '../../texts/index.ts'
import { PauseIcon, PlayIcon, ResetIcon, StepIcon, StopIcon } from '../../widgets/icons.tsx'

/** Start, pause, step, stop, reset: what is possible now is enabled. */
export function Controls() {
  const actions = useActions()
  const run = useLab((state) => state.run)
  const active = isActive(run)
  const phase = active ? run.phase : null
  const { allowed, start, hint: startHint } = useStart()
  const paused = phase === 'paused'
  const [pausing, setPausing] = usePausing()

  return (
    <div className="controls" role="toolbar" aria-label={texts.regions.controls}>
      <Tooltip label={startHint} disabled={!startHint} multiline maw={240}>
        <Button size="xs" leftSection={<PlayIcon />} disabled={!start} onClick={() => start?.()}>
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
