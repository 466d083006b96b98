import { Progress } from '@mantine/core'
import type { Simulation } from '../../state.ts'
import { stageText, texts } from '../../texts/index.ts'
import { BackendLine } from './BackendLine.tsx'

/** What the simulated workers of the run on screen have, or in a recording had, in common. */
export function SimulationNote({ simulation: { backend, preparing }, recorded }: { simulation: Simulation; recorded: boolean }) {
  return (
    <div className="simulation-note">
      <p>{recorded ? texts.replay.simulationNote : texts.simulationNote}</p>
      {backend && <BackendLine backend={backend} />}
      {preparing && <Progress size={3} value={100 * preparing.fraction} aria-label={stageText(preparing.stage)} />}
    </div>
  )
}
