import { MantineProvider } from '@mantine/core'
import { type DragEvent, useState } from 'react'
import { ActionsProvider, type LabActions } from './actions.ts'
import { Charts } from './panels/Charts.tsx'
import { Cluster } from './panels/Cluster.tsx'
import { Footer } from './panels/Footer.tsx'
import { Header } from './panels/Header.tsx'
import { RunForm } from './panels/RunForm.tsx'
import { ShardHeatMap } from './panels/ShardHeatMap.tsx'
import { Topology } from './panels/Topology.tsx'
import { texts } from './texts.ts'
import { theme } from './theme.ts'

const areas = ['run', 'charts', 'swarm'] as const
type Area = (typeof areas)[number]

/** The dashboard: three columns; on narrower screens tabs choose which of them are shown. */
export function App({ actions }: { actions: LabActions }) {
  const [area, setArea] = useState<Area>('run')
  const [dropping, setDropping] = useState(false)
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setDropping(false)
    const file = event.dataTransfer.files[0]
    // What came of it stands in the log and beside the data set.
    if (file) actions.prepareArchive(file).catch(() => {})
  }
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto">
      <ActionsProvider value={actions}>
        <div
          className="app"
          data-area={area}
          data-dropping={dropping || undefined}
          onDragOver={(event) => {
            event.preventDefault()
            setDropping(true)
          }}
          onDragLeave={(event) => event.currentTarget === event.target && setDropping(false)}
          onDrop={drop}
        >
          <Header />
          <nav className="area-tabs" aria-label="Parts of the dashboard">
            {areas.map((name) => (
              <button key={name} type="button" data-name={name} aria-pressed={area === name} onClick={() => setArea(name)}>
                {texts.tabs[name]}
              </button>
            ))}
          </nav>
          <main>
            <div className="column run-column">
              <RunForm />
            </div>
            <div className="column charts-column">
              <Charts />
            </div>
            <div className="column swarm-column">
              <Topology />
              <Cluster />
              <ShardHeatMap />
            </div>
          </main>
          <Footer />
        </div>
      </ActionsProvider>
    </MantineProvider>
  )
}
