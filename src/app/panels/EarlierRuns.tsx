import '../runs/earlier-runs.css'
import { useMemo } from 'react'
import { type NamedRun, namedRuns } from '../runs/named-runs.ts'
import { useLab } from '../store.ts'
import { texts } from '../texts.ts'
import { HelpMark } from '../widgets/HelpMark.tsx'

/** The earlier runs, each named by what is different from the run on screen. */
export function useEarlierRuns(): NamedRun[] {
  const earlier = useLab((state) => state.earlier)
  const id = useLab((state) => state.run?.id)
  const config = useLab((state) => state.run?.config)
  return useMemo(() => namedRuns(earlier, id !== undefined && config ? { id, config } : null), [earlier, id, config])
}

/** Which line is which run. */
export function EarlierRuns({ runs }: { runs: NamedRun[] }) {
  if (runs.length === 0) return null
  return (
    <section className="earlier-runs" aria-label={texts.runs.earlier}>
      <span className="earlier-title">
        {texts.runs.earlier}
        <HelpMark label={texts.runs.earlier} help={texts.runs.help} />
      </span>
      <ul>
        {runs.map(({ id, name, dash }) => (
          <li key={id}>
            <svg width="26" height="8" aria-hidden="true">
              <line x1="0" x2="26" y1="4" y2="4" stroke="var(--earlier)" strokeWidth={1.75} strokeDasharray={dash} />
            </svg>
            {name}
          </li>
        ))}
      </ul>
      <button type="button" className="plain" title={texts.runs.clearHint} onClick={() => useLab.setState({ earlier: [] })}>
        {texts.runs.clear}
      </button>
    </section>
  )
}
