import { ActionIcon, Menu, Tooltip } from '@mantine/core'
import { useState } from 'react'
import { formatCount, formatDateTime, formatPercent } from '../../format.ts'
import { ExportItems } from '../../panels/footer/ExportItems.tsx'
import type { ArchivedRun } from '../../runs/archive.ts'
import { toggleComparison } from '../../runs/compare.ts'
import { MOST_COMPARED } from '../../runs/earlier-runs.ts'
import { methodOf } from '../../runs/kept-run.ts'
import { deleteRun, metricsOf, recordingOf, renameRun } from '../../runs/kept-runs.ts'
import { openReplay } from '../../runs/replay.ts'
import { isActive } from '../../state.ts'
import { addToLog, useLab } from '../../store.ts'
import { texts } from '../../texts/index.ts'
import { CompareIcon, DownloadIcon, PlayIcon, TrashIcon } from '../../widgets/icons.tsx'

export function RunRow({ run }: { run: ArchivedRun }) {
  const { name, endedAtMs, end, config, simulated, figures } = run
  const facts = [methodOf(config.algorithm.id), texts.runPhase[end].toLowerCase(), texts.keptRuns.steps(figures.steps)]
  if (simulated) facts.push(texts.simulated)
  return (
    <tr>
      <th scope="row">
        <RunName key={name} run={run} />
        <span className="run-facts">{facts.join(' · ')}</span>
      </th>
      <td className="when">
        <time dateTime={new Date(endedAtMs).toISOString()}>{formatDateTime(endedAtMs)}</time>
      </td>
      <td className="figure" data-label={texts.keptRuns.columns.workers}>
        {config.workers}
      </td>
      <td className="figure" data-label={texts.keptRuns.columns.accuracy}>
        {figures.accuracy ? formatPercent(figures.accuracy.averaged) : '–'}
      </td>
      <td className="figure" data-label={texts.keptRuns.columns.sent}>
        {figures.sentBytes < 1e8 ? (figures.sentBytes / 1e6).toFixed(1) : formatCount(figures.sentBytes / 1e6)}
      </td>
      <td>
        <Buttons run={run} />
      </td>
    </tr>
  )
}

/** A text field that looks like text: what is typed counts with Enter, or when the field is left; Escape takes it back. */
function RunName({ run: { id, name } }: { run: ArchivedRun }) {
  const [typed, setTyped] = useState(name)
  const done = () => {
    const wanted = typed.trim()
    if (wanted === '' || wanted === name) setTyped(name)
    else void renameRun(id, wanted)
  }
  return (
    <input
      className="run-name"
      aria-label={texts.keptRuns.nameOf(name)}
      title={name}
      maxLength={120}
      value={typed}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onBlur={done}
      onKeyDown={(event) => {
        if (event.key === 'Enter') done()
        if (event.key === 'Escape') setTyped(name)
      }}
    />
  )
}

function Buttons({ run }: { run: ArchivedRun }) {
  const { id, name } = run
  const active = useLab((state) => isActive(state.run))
  const onScreen = useLab((state) => state.run?.id === id)
  const compared = useLab((state) => state.earlier.some((other) => other.id === id))
  const full = useLab((state) => state.earlier.length >= MOST_COMPARED) && !compared
  const replay = async () => {
    const { metrics, insight } = await recordingOf(run)
    openReplay(run, metrics, insight)
  }
  return (
    <div className="run-buttons">
      <Action label={active ? texts.replay.busy : texts.keptRuns.replay(name)} disabled={active} onClick={() => tell(replay())}>
        <PlayIcon size={15} />
      </Action>
      <Action
        label={onScreen ? texts.keptRuns.onScreen(name) : full ? texts.runs.fullFor(name) : texts.keptRuns.compare(name)}
        disabled={onScreen || full}
        pressed={compared && !onScreen}
        onClick={() => tell(toggleComparison(run))}
      >
        <CompareIcon size={15} />
      </Action>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" size="sm" aria-label={texts.keptRuns.export(name)}>
            <DownloadIcon size={15} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <ExportItems load={async () => ({ run, metrics: await metricsOf(run) })} />
        </Menu.Dropdown>
      </Menu>
      <Action label={texts.keptRuns.delete(name)} onClick={() => tell(deleteRun(run))}>
        <TrashIcon size={15} />
      </Action>
    </div>
  )
}

interface ActionProps {
  label: string
  disabled?: boolean
  /** of a button that switches something on and off */
  pressed?: boolean
  onClick(): void
  children: React.ReactNode
}

/** A disabled button keeps its place in the order of focus, and tells why. */
function Action({ label, disabled = false, pressed, onClick, children }: ActionProps) {
  return (
    <Tooltip label={label} multiline maw={260}>
      <ActionIcon
        variant={pressed ? 'light' : 'subtle'}
        color={pressed ? 'indigo' : 'gray'}
        size="sm"
        aria-label={label}
        aria-pressed={pressed}
        aria-disabled={disabled}
        data-disabled={disabled || undefined}
        onClick={() => !disabled && onClick()}
      >
        {children}
      </ActionIcon>
    </Tooltip>
  )
}

/** What did not work is told to the user. */
function tell(asked: Promise<void>): void {
  asked.catch((error: unknown) => addToLog('warning', error instanceof Error ? error.message : String(error)))
}
