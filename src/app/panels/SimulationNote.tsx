import { Progress } from '@mantine/core'
import type { Simulation } from '../store.ts'
import { stageText, texts } from '../texts.ts'
import { BackendLine } from './BackendLine.tsx'

/** What the simulated workers of the run on screen have in common. */
export function SimulationNote({ simulation: { backend, preparing } }: { simulation: Simulation }) {
  return (
    <div className="simulation-note">
      <p>{texts.simulationNote}</p>
      {backend && <BackendLine backend={backend} />}
      {preparing && <Progress size={3} value={100 * preparing.fraction} aria-label={stageText(preparing.stage)} />}
    </div>
  )
}
