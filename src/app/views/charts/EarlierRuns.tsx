import './earlier-runs.css'
import { useMemo } from 'react'
import { endComparison } from '../../runs/compare.ts'
import { type NamedRun, namedRuns } from '../../runs/named-runs.ts'
import { useLab } from '../../store.ts'
import { texts } from '../../texts/index.ts'
import { HelpMark } from '../../widgets/HelpMark.tsx'
import { RunSample } from '../../widgets/RunSample.tsx'

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
        {runs.map(({ id, name, look }) => (
          <li key={id}>
            <RunSample look={look} />
            <span className="earlier-name">{name}</span>
            <button
              type="button"
              className="plain"
              aria-label={texts.runs.remove(`${look.letter}: ${name}`)}
              onClick={() => endComparison(id)}
            >
              ×
            </button>
          </li>
        ))}
      </ul>
      <button type="button" className="plain" title={texts.runs.clearHint} onClick={() => useLab.setState({ earlier: [] })}>
        {texts.runs.clear}
      </button>
    </section>
  )
}
