import { MantineProvider } from '@mantine/core'
import { useEffect, useState } from 'react'
import { ActionsProvider, type LabActions } from './actions.ts'
import { Footer } from './panels/footer/Footer.tsx'
import { Header } from './panels/header/Header.tsx'
import { LessonComposer } from './panels/lesson/LessonComposer.tsx'
import { LessonPanel } from './panels/lesson/LessonPanel.tsx'
import { Notice } from './panels/overlays/Notice.tsx'
import { RemovedDialog } from './panels/overlays/RemovedDialog.tsx'
import { RunForm } from './panels/run/RunForm.tsx'
import { ClassAccuracy } from './panels/swarm/ClassAccuracy.tsx'
import { Cluster } from './panels/swarm/Cluster.tsx'
import { ShardHeatMap } from './panels/swarm/ShardHeatMap.tsx'
import { Topology } from './panels/swarm/Topology.tsx'
import { isActive } from './state.ts'
import { useLab } from './store.ts'
import { texts } from './texts/index.ts'
import { theme } from './theme.ts'
import { useFileDrop } from './use-file-drop.ts'
import { Views } from './views/Views.tsx'

const areas = ['run', 'views', 'swarm'] as const
type Area = (typeof areas)[number]

/** The dashboard: three columns; on narrower screens tabs choose which of them are shown. */
export function App({ actions }: { actions: LabActions }) {
  const [area, setArea] = useArea()
  const dropping = useFileDrop(actions)
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto">
      <ActionsProvider value={actions}>
        <div className="app" data-area={area} data-dropping={dropping || undefined}>
          <Header />
          <nav className="area-tabs" aria-label={texts.regions.areas}>
            {areas.map((name) => (
              <button key={name} type="button" data-name={name} aria-pressed={area === name} onClick={() => setArea(name)}>
                {texts.tabs[name]}
              </button>
            ))}
          </nav>
          <main>
            <div className="column run-column">
              <LessonComposer />
              <LessonPanel />
              <RunForm />
            </div>
            <div className="column views-column">
              <Views />
            </div>
            <div className="column swarm-column">
              <Topology />
              <Cluster />
              <ShardHeatMap />
              <ClassAccuracy />
            </div>
          </main>
          <Notice />
          <RemovedDialog />
          <Footer />
        </div>
      </ActionsProvider>
    </MantineProvider>
  )
}

/** Where there is room for one area only, a run that starts shows what it does, unless somebody is typing. */
const oneArea = window.matchMedia('(max-width: 767px)')

function useArea() {
  const [area, setArea] = useState<Area>('run')
  const run = useLab((state) => (isActive(state.run) ? state.run.id : null))
  useEffect(() => {
    if (run && oneArea.matches && !(document.activeElement instanceof HTMLInputElement)) setArea('views')
  }, [run])
  const place = useLab((state) => state.lesson)
  const composing = useLab((state) => state.composing)
  useEffect(() => {
    if (place || composing) setArea('run')
  }, [place, composing])
  return [area, setArea] as const
}
