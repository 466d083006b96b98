import { allowedNames, ConfigError, type ConfigIssue, didYouMean } from '../../engine/index.ts'
import { type QuadraticMethodId, quadraticMethodIds } from './methods.ts'
import { presetDimension, type QuadraticPreset, quadraticPresets } from './problem.ts'

/** The quadratic of the GMC paper's section 3.2, as a page's address, a command's flags and a result's header have it. */
export interface Experiment {
  preset: QuadraticPreset
  /** at least one, each once */
  methods: QuadraticMethodId[]
  /** how many entries top-k keeps: one curve of each method for each, ascending */
  k: number[]
  beta: number
  learningRate: number
  steps: number
  /** of the large preset's draws */
  seed: number
}

/** Fields as somebody typed them; an absent field has its default. */
export type ExperimentText = { [field in keyof Experiment]?: string }

export const experimentFields = ['preset', 'methods', 'k', 'beta', 'learningRate', 'steps', 'seed'] as const satisfies (keyof Experiment)[]

const MAX_K_VALUES = 4
const STEPS = { min: 10, max: 5_000 }
const MAX_SEED = 2 ** 32 - 1

/** What a field says when nobody has said anything. */
export function defaultTexts(preset: QuadraticPreset): Required<ExperimentText> {
  return {
    preset,
    methods: 'dmsgd,gmc,dgc-no-masking,dgc',
    k: preset === 'plane' ? '1' : '1,5,10',
    beta: '0.9',
    learningRate: '0.005',
    steps: preset === 'plane' ? '400' : '1500',
    seed: '42',
  }
}

/** The experiment that the texts describe, or what is wrong with them. */
export function checkExperiment(
  texts: ExperimentText,
): { experiment: Experiment; issues: [] } | { experiment: null; issues: ConfigIssue[] } {
  const issues: ConfigIssue[] = []
  const preset = presetOf(texts)
  if (preset === null)
    issues.push({ field: 'preset', message: `got ${shown(texts.preset)}; ${allowedNames(texts.preset, quadraticPresets)}` })
  const filled = { ...defaultTexts(preset ?? 'plane'), ...texts }
  const read = <T>(field: keyof Experiment, value: T | null, allowed: string): T => {
    if (value === null) issues.push(issue(field, filled[field], allowed))
    return value as T
  }
  const dimension = presetDimension(preset ?? 'plane')
  const experiment: Experiment = {
    preset: preset ?? 'plane',
    methods: read('methods', methodsOf(filled.methods), `one or more of ${quadraticMethodIds.join(', ')}${meantMethod(filled.methods)}`),
    k: read('k', kOf(filled.k, dimension), `1 to ${MAX_K_VALUES} different whole numbers, 1 to ${dimension}, with commas between them`),
    beta: read('beta', number(filled.beta, { min: 0, below: 1 }), 'numbers, at least 0, below 1'),
    learningRate: read('learningRate', number(filled.learningRate, { above: 0, max: 1 }), 'numbers, above 0, at most 1'),
    steps: read(
      'steps',
      number(filled.steps, { ...STEPS, whole: true }),
      `whole numbers, ${STEPS.min} to ${STEPS.max.toLocaleString('en-US')}`,
    ),
    seed: read(
      'seed',
      number(filled.seed, { min: 0, max: MAX_SEED, whole: true }),
      `whole numbers, 0 to ${MAX_SEED.toLocaleString('en-US')}`,
    ),
  }
  return issues.length > 0 ? { experiment: null, issues } : { experiment, issues: [] }
}

/** @throws ConfigError with one line for each issue */
export function parseExperiment(texts: ExperimentText): Experiment {
  const { experiment, issues } = checkExperiment(texts)
  if (experiment) return experiment
  throw new ConfigError(issues)
}

const issue = (field: keyof Experiment, text: string | undefined, allowed: string): ConfigIssue => ({
  field,
  message: `got ${shown(text)}; allowed: ${allowed}`,
})

const shown = (text: string | undefined) => JSON.stringify(text?.slice(0, 60))

function presetOf({ preset = 'plane' }: ExperimentText): QuadraticPreset | null {
  return quadraticPresets.find((name) => name === preset) ?? null
}

const listOf = (text: string) => text.split(',').map((part) => part.trim())

/** In the order of the list of methods, so that it does not matter who is named first. */
function methodsOf(text: string): QuadraticMethodId[] | null {
  const given = listOf(text)
  const found = quadraticMethodIds.filter((id) => given.includes(id))
  return found.length > 0 && found.length === given.length ? found : null
}

/** Of the first method that there is not. */
function meantMethod(text: string): string {
  const unknown = listOf(text).find((part) => !quadraticMethodIds.some((id) => id === part))
  return didYouMean(unknown, quadraticMethodIds)
}

function kOf(text: string, dimension: number): number[] | null {
  const values = listOf(text).map((part) => number(part, { min: 1, max: dimension, whole: true }))
  if (values.length > MAX_K_VALUES || new Set(values).size < values.length) return null
  const valid = values.filter((value) => value !== null)
  return valid.length === values.length ? valid.sort((a, b) => a - b) : null
}

interface Range {
  min?: number
  max?: number
  above?: number
  below?: number
  whole?: boolean
}

function number(text: string, { min, max, above, below, whole }: Range): number | null {
  const value = text.trim() === '' ? Number.NaN : Number(text)
  const fits =
    Number.isFinite(value) &&
    (min === undefined || value >= min) &&
    (max === undefined || value <= max) &&
    (above === undefined || value > above) &&
    (below === undefined || value < below) &&
    (!whole || Number.isInteger(value))
  return fits ? value : null
}
