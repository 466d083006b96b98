import './datasets.css'
import { Progress } from '@mantine/core'
import { useLab } from '../../store.ts'
import { texts } from '../../texts/index.ts'

/** Data sets that are being prepared, and the chosen one where it is missing; nothing where all is well. */
export function Datasets() {
  const datasets = useLab((state) => state.datasets)
  const chosen = useLab((state) => state.draft.dataset)
  const told = Object.entries(datasets).filter(([name, { state }]) => state === 'preparing' || (state === 'unavailable' && name === chosen))
  return (
    <div className="datasets" aria-live="polite">
      {told.map(([name, { title, state, fraction, message }]) => (
        <div key={name} className="dataset">
          <div className="dataset-title">
            <strong>{title}</strong>
            <span className="number">{state === 'preparing' ? `${Math.round(fraction * 100)} %` : texts.datasetMissing}</span>
          </div>
          {state === 'preparing' && <Progress size="sm" value={fraction * 100} aria-label={`Preparing ${title}`} />}
          {message && <p className="dim">{message}</p>}
          {state === 'unavailable' && <p className="dim">{texts.drop}</p>}
        </div>
      ))}
    </div>
  )
}
