import { z } from 'zod'
import { allowedNames, ConfigError, type ConfigIssue, parseRunConfig, type RunConfig, runConfigSchema } from '../../engine/index.ts'
import { xAxes } from '../metrics/chart-rows.ts'
import { viewNames } from '../views/names.ts'

function text(most: number) {
  const allowed = `allowed: 1 to ${most} characters`
  return z.string().trim().min(1, allowed).max(most, allowed)
}

function listOf<Item extends z.ZodType>(item: Item, most: number, what: string) {
  const allowed = `allowed: 1 to ${most} ${what}`
  return z.array(item).min(1, allowed).max(most, allowed)
}

/** Part of a RunConfig. What it says replaces whole fields of what stands before it, `algorithm` with all its hyperparameters. */
const configPart = z.record(z.string(), z.unknown())

const fieldNames = Object.keys(runConfigSchema.shape) as (keyof RunConfig)[]

/** Controls of the form that a lesson may leave on screen: fields of a run, and the choice of where its workers are. */
export const controlNames = ['where', ...fieldNames] as const
export type ControlName = (typeof controlNames)[number]

const trialSchema = z.strictObject({
  /** on the button: what it makes of the lab, "Make the data non-IID" */
  label: text(60),
  config: configPart.default({}),
})

const stepSchema = z.strictObject({
  title: text(80),
  /** paragraphs; a few sentences in all */
  text: listOf(text(1_000), 6, 'paragraphs'),
  /** what to look at while the run goes on */
  watch: text(300).optional(),
  /** the expected picture, as it was seen when the lesson was tried; shown on demand */
  seen: text(800).optional(),
  /** with what in the middle of the dashboard the step begins */
  view: z.enum(viewNames).default('charts'),
  axis: z.enum(xAxes).optional(),
  /** what all trials of the step have, beside what all steps have */
  config: configPart.default({}),
  /** buttons that set the lab's state; the first is what the step begins with. Without any the step begins with its own configuration */
  trials: z.array(trialSchema).max(6).default([]),
  /** offers to open more tabs of the room */
  tabs: z.boolean().default(false),
  /** pages of the lab itself that belong to the step */
  links: z
    .array(z.strictObject({ label: text(60), page: z.string().regex(/^quadratic\.html(\?[\w=&.,-]{0,100})?$/) }))
    .max(3)
    .default([]),
})

/** A lesson: steps of text beside the charts, each with configurations to try. Plain data: a file of the library, or inside a link. */
export const lessonSchema = z
  .strictObject({
    /** in the address */
    id: z
      .string()
      .max(60)
      .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'expected lower-case words with - between them'),
    title: text(80),
    summary: text(240),
    /** the runs are of simulated workers in the tab that shows the lesson */
    simulated: z.boolean().default(true),
    /** what all runs of the lesson have in common */
    config: configPart.default({}),
    /** the controls that stay on screen; all of them where nothing is said */
    controls: z.array(z.enum(controlNames)).optional(),
    steps: listOf(stepSchema, 20, 'steps'),
  })
  .superRefine((lesson, context) => {
    for (const { path, config } of allConfigs(lesson)) {
      try {
        parseRunConfig(config)
      } catch (error) {
        if (!(error instanceof ConfigError)) throw error
        for (const { field, message } of error.issues)
          context.addIssue({ code: 'custom', path: [...path, ...field.split('.')], message, params: { complete: true } })
      }
    }
  })

export type Lesson = z.output<typeof lessonSchema>
export type LessonInput = z.input<typeof lessonSchema>
export type LessonStep = Lesson['steps'][number]

/** Thrown for data that are no lesson; its message has one line for each issue. */
export class LessonError extends Error {
  readonly kind = 'lesson'
  constructor(readonly issues: ConfigIssue[]) {
    super(issues.map(({ field, message }) => `${field}: ${message}`).join('\n'))
  }
}

/** Fills in defaults and checks every configuration of the lesson. Throws LessonError naming field, value and what is allowed. */
export function parseLesson(input: unknown): Lesson {
  const result = lessonSchema.safeParse(input, { reportInput: true })
  if (result.success) return result.data
  throw new LessonError(result.error.issues.map(describeIssue))
}

/** What each trial of a step runs, first what the step begins with. Unchecked parts of a RunConfig; a lesson's are all valid. */
export function configsOf(lesson: Pick<Lesson, 'config'>, step: LessonStep): Record<string, unknown>[] {
  const common = { ...lesson.config, ...step.config }
  return step.trials.length === 0 ? [common] : step.trials.map(({ config }) => ({ ...common, ...config }))
}

function* allConfigs(lesson: Pick<Lesson, 'config' | 'steps'>) {
  for (const [i, step] of lesson.steps.entries())
    for (const [j, config] of configsOf(lesson, step).entries())
      yield { path: ['steps', i, ...(step.trials.length === 0 ? [] : ['trials', j]), 'config'], config }
}

function describeIssue(issue: z.core.$ZodIssue): ConfigIssue {
  const field = issue.path.join('.') || 'lesson'
  if (issue.code === 'unrecognized_keys') return { field: [...issue.path, issue.keys[0]].join('.'), message: 'unknown field' }
  if (issue.code === 'custom' && issue.params?.complete) return { field, message: issue.message }
  if (issue.code === 'invalid_value')
    return { field, message: `got ${shown(issue.input)}; ${allowedNames(issue.input, issue.values.map(String))}` }
  return { field, message: `got ${shown(issue.input)}; ${issue.message}` }
}

const shown = (value: unknown) => (value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 80))
