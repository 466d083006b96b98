import './quadratic.css'
import { MantineProvider } from '@mantine/core'
import { useEffect, useMemo, useState } from 'react'
import { checkExperiment, type ExperimentText, quadraticPresets, quadraticProblem } from '../../cluster/quadratic/index.ts'
import type { ConfigIssue } from '../../engine/index.ts'
import { theme } from '../theme.ts'
import { Logo } from '../widgets/Logo.tsx'
import { SchemeButton } from '../widgets/SchemeButton.tsx'
import { parseAddress, writeAddress } from './address.ts'
import { DistanceCard } from './DistanceCard.tsx'
import { FiguresCard } from './FiguresCard.tsx'
import { PlaneCard } from './PlaneCard.tsx'
import { Settings } from './Settings.tsx'
import { sentence } from './sentence.ts'
import { texts } from './texts.ts'
import { useCurves } from './use-curves.ts'

/** The GMC paper's quadratic: controls, the ways in the plane, distances, figures. Its state is the page's address. */
export function QuadraticApp() {
  const [given, setGiven, problems, dismiss] = useAddress()
  const { experiment, issues } = useMemo(() => checkExperiment(given), [given])
  const { shown, busy } = useCurves(experiment)
  const preset = quadraticPresets.find((name) => name === given.preset) ?? 'plane'
  const current = shown[0]?.experiment
  const k = experiment?.k ?? current?.k ?? []
  const problem = useMemo(() => quadraticProblem('plane', 0), [])
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto">
      <div className="quadratic">
        <header className="top">
          <div className="brand">
            <Logo />
            <div>
              <h1>{texts.title}</h1>
              <p className="room-line">{texts.subtitle}</p>
            </div>
          </div>
          <nav>
            <a href="./">{texts.back}</a>
          </nav>
          <SchemeButton />
        </header>
        {problems.length > 0 && <Problems problems={problems} onDismiss={dismiss} />}
        <main>
          <div className="quadratic-settings">
            <Settings given={given} preset={preset} issues={issues} onChange={setGiven} />
          </div>
          <div className="quadratic-results">
            <div className="card words">
              <p className="found" role="status">
                {shown.length === 0 || busy ? texts.computing : sentence(shown)}
              </p>
              <p>{texts.seen}</p>
              <p className="dim">{texts.chosen}</p>
            </div>
            <div className="quadratic-plots" data-busy={busy || undefined}>
              {preset === 'plane' && k.length > 0 && <PlaneCard problem={problem} k={k} shown={shown} />}
              {k.map((value) => (
                <DistanceCard key={value} k={value} shown={shown} />
              ))}
            </div>
            <FiguresCard shown={shown} busy={busy} />
          </div>
        </main>
      </div>
    </MantineProvider>
  )
}

function useAddress(): [ExperimentText, (texts: ExperimentText) => void, ConfigIssue[], () => void] {
  const [{ texts: given, problems }, setAddress] = useState(() => parseAddress(new URLSearchParams(location.search)))
  useEffect(() => {
    // Safari refuses more than a hundred changes in half a minute; a slider makes more.
    const timer = setTimeout(() => history.replaceState(null, '', `${location.pathname}${writeAddress(given)}`), 200)
    return () => clearTimeout(timer)
  }, [given])
  const setGiven = (texts: ExperimentText) =>
    setAddress(({ problems }) => ({ problems, texts: Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== undefined)) }))
  return [given, setGiven, problems, () => setAddress({ texts: given, problems: [] })]
}

function Problems({ problems, onDismiss }: { problems: ConfigIssue[]; onDismiss(): void }) {
  return (
    <div className="problem" role="alert">
      <strong>{texts.badAddress}</strong>
      <ul>
        {problems.map(({ field, message }) => (
          <li key={field + message}>
            <strong>{field}</strong>: {message}
          </li>
        ))}
      </ul>
      <button type="button" className="plain" onClick={onDismiss}>
        {texts.dismiss}
      </button>
    </div>
  )
}
