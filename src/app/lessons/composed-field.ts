import { fieldLabel, texts } from '../texts/index.ts'

const t = texts.composer

const lessonLabels: Record<string, string> = { title: t.lessonTitle, summary: t.summary, controls: t.controls, steps: t.steps }
const stepLabels: Record<string, string> = { title: t.stepTitle, text: t.text, watch: t.watch }

/** What the composer calls a field of a lesson: `steps.0.trials.1.label` is "Step 1: Text of button 2". */
export function composedField(field: string): string {
  const [part, index, ...within] = field.split('.')
  if (index === undefined || part !== 'steps') return lessonLabels[part] ?? field
  const label = stepField(within)
  return label === null ? field : `${t.step(Number(index) + 1)}: ${label}`
}

function stepField([part, ...within]: string[]): string | null {
  if (part === 'config') return within.length > 0 ? fieldLabel(within.join('.')) : null
  if (part !== 'trials') return stepLabels[part] ?? null
  const [trial, ...rest] = within
  if (rest[0] === 'label') return t.button(Number(trial) + 1)
  return stepField(rest)
}
