import { create } from 'zustand'
import { createJSONStorage, persist } from 'zustand/middleware'
import { parseRunConfig, type RunConfig } from '../../engine/index.ts'
import type { ViewName } from '../views/names.ts'
import type { ControlName, LessonInput } from './schema.ts'

/** A configuration taken from the form, and what its button says. */
export interface ComposedRun {
  label: string
  config: RunConfig
}

export interface ComposedStep {
  key: string
  title: string
  /** an empty line ends a paragraph */
  text: string
  watch: string
  /** what the middle of the dashboard shows at first */
  view: ViewName
  /** at least one; the first is what the step begins with */
  runs: ComposedRun[]
}

/** A lesson that a teacher is writing. */
export interface Composition {
  title: string
  summary: string
  simulated: boolean
  /** controls that stay on screen; none: all of them */
  controls: ControlName[]
  steps: ComposedStep[]
}

const empty: Composition = { title: '', summary: '', simulated: true, controls: [], steps: [] }

/** Kept by the browser, so that a reload loses nothing. */
export const useComposition = create<Composition>()(
  persist(() => empty, { name: 'tabswarm-lesson', storage: createJSONStorage(() => localStorage) }),
)

export const clearComposition = () => useComposition.setState(empty)

/** Changes places with the step before (-1) or after it (1), where there is one. */
export function moveStep(index: number, by: -1 | 1): void {
  useComposition.setState(({ steps }) => {
    const other = index + by
    return other in steps ? { steps: steps.with(index, steps[other]).with(other, steps[index]) } : {}
  })
}

/** The lesson as data; parseLesson says whether it is one. */
export function lessonOf({ title, summary, simulated, controls, steps }: Composition): LessonInput {
  return {
    id: idOf(title),
    title,
    summary: summary.trim() === '' ? title : summary,
    simulated,
    ...(controls.length > 0 && { controls }),
    steps: steps.map(stepOf),
  }
}

function stepOf({ title, text, watch, view, runs }: ComposedStep): LessonInput['steps'][number] {
  const [first] = runs
  const config = partOf(first.config, parseRunConfig({}))
  return {
    title,
    text: text
      .split(/\n\s*\n/)
      .map((paragraph) => paragraph.trim())
      .filter((paragraph) => paragraph !== ''),
    ...(watch.trim() !== '' && { watch }),
    view,
    config,
    // A single configuration needs no button: the step begins with it.
    ...((runs.length > 1 || first.label !== '') && {
      trials: runs.map((run) => ({ label: run.label, config: partOf(run.config, first.config) })),
    }),
  }
}

/** The fields in which a configuration differs from another. */
function partOf(config: RunConfig, other: RunConfig): Record<string, unknown> {
  const others: Record<string, unknown> = other
  return Object.fromEntries(Object.entries(config).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(others[name])))
}

/** In the address, lower-case words. */
function idOf(title: string): string {
  const words = title
    .normalize('NFKD')
    .toLowerCase()
    .match(/[a-z0-9]+/g) ?? ['lesson']
  return words.join('-').slice(0, 60).replace(/-$/, '')
}
