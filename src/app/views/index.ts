import { type ComponentType, lazy } from 'react'
import { texts } from '../texts/index.ts'
import { Charts } from './charts/Charts.tsx'
import { ClassView } from './class/ClassView.tsx'
import type { ViewName } from './names.ts'
import { Predictions } from './predictions/Predictions.tsx'
import { Runs } from './runs/Runs.tsx'
import { Workers } from './workers/Workers.tsx'

/** How each view is called, and what it shows. */
export const views = {
  charts: { label: texts.views.charts, Content: Charts },
  predictions: { label: texts.views.predictions, Content: Predictions },
  workers: { label: texts.views.workers, Content: Workers },
  class: { label: texts.views.class, Content: ClassView },
  runs: { label: texts.views.runs, Content: Runs },
  method: { label: texts.views.method, Content: lazy(() => import('./method/Method.tsx')) },
} satisfies Record<ViewName, { label: string; Content: ComponentType }>
