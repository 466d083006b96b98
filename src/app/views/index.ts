import type { ComponentType } from 'react'
import { Charts } from '../panels/Charts.tsx'
import { texts } from '../texts.ts'

/** What the middle of the dashboard can show; the order is that of its tabs. */
export const views = {
  charts: { label: texts.views.charts, Content: Charts },
} satisfies Record<string, { label: string; Content: ComponentType }>

export type ViewName = keyof typeof views
