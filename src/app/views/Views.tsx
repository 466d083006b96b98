import './views.css'
import { Tabs } from '@mantine/core'
import { Suspense, useLayoutEffect, useRef } from 'react'
import { useLab } from '../store.ts'
import { texts } from '../texts/index.ts'
import { views } from './index.ts'
import { type ViewName, viewNames } from './names.ts'
import { ReplayBar } from './ReplayBar.tsx'

/** The middle of the dashboard: one of its views, chosen by tabs. Only the chosen one exists, so that the others cost nothing. */
export function Views() {
  const view = useLab((state) => state.view)
  const root = useRef<HTMLDivElement>(null)
  // A replay is chosen far down a list; what it shows begins at its top.
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is the change that counts
  useLayoutEffect(() => {
    root.current?.parentElement?.scrollTo({ top: 0 })
  }, [view])
  return (
    <Tabs ref={root} className="views" value={view} onChange={(value) => useLab.setState({ view: value as ViewName })} keepMounted={false}>
      <ReplayBar />
      <Tabs.List aria-label={texts.views.label}>
        {viewNames.map((name) => (
          <Tabs.Tab key={name} value={name}>
            {views[name].label}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {viewNames.map((name) => {
        const { Content } = views[name]
        return (
          <Tabs.Panel key={name} value={name}>
            <Suspense fallback={<p className="empty">{texts.views.loading}</p>}>
              <Content />
            </Suspense>
          </Tabs.Panel>
        )
      })}
    </Tabs>
  )
}
