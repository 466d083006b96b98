import './workers.css'
import { DriftChart } from './DriftChart.tsx'
import { Invariants } from './Invariants.tsx'
import { TimeBars } from './TimeBars.tsx'

/** What the workers do with their time, and how far they go together. */
export function Workers() {
  return (
    <div className="workers-view">
      <TimeBars />
      <DriftChart />
      <Invariants />
    </div>
  )
}
