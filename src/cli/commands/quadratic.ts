import { Command, Option } from 'commander'
import {
  type Curve,
  type CurveFigures,
  checkExperiment,
  curvesOf,
  defaultTexts,
  type Experiment,
  type ExperimentText,
  figuresOf,
  optimum,
  quadraticDistance,
  quadraticMethodIds,
  quadraticMethods,
  quadraticPresets,
  quadraticProblem,
  runCurve,
} from '../../cluster/index.ts'
import { ConfigError } from '../../engine/index.ts'
import { offering } from '../choices.ts'
import { flagOf } from '../flag-names.ts'

/** One method at one k. */
type Row = Pick<Curve, 'method' | 'k' | 'diverged'> & CurveFigures

/** What `--json` prints; format: docs/results.md. */
interface QuadraticResult {
  schema: 'tabswarm/quadratic/1'
  experiment: Experiment
  workers: number
  dimension: number
  startDistance: number
  curves: Row[]
}

/** `lab quadratic`: the small experiment of the GMC paper's section 3.2. */
export function quadraticCommand(): Command {
  const [plane, large] = [defaultTexts('plane'), defaultTexts('large')]
  return new Command('quadratic')
    .description("Sparse methods on small quadratics, as in the GMC paper's section 3.2; its constants are lost, so these are chosen")
    .addOption(
      offering(new Option('--preset <name>', '2 workers and 2 dimensions, or 8 workers and 100 dimensions'), quadraticPresets).default(
        undefined,
        'plane',
      ),
    )
    .addOption(offering(new Option('--methods <list>', 'which, with commas'), quadraticMethodIds).default(undefined, plane.methods))
    .option('--k <list>', `how many entries top-k keeps; several with commas (default ${plane.k}; large ${large.k})`)
    .option('--beta <number>', `momentum coefficient (default ${plane.beta})`)
    .option('--learning-rate <number>', `learning rate (default ${plane.learningRate})`)
    .option('--steps <number>', `steps of every method (default ${plane.steps}; large ${large.steps})`)
    .option('--seed <number>', `what the large problem is drawn from (default ${plane.seed})`)
    .option('--json', 'print the figures as one line of JSON, the last of the output')
    .action(async ({ json, ...texts }: ExperimentText & { json?: boolean }) => {
      const result = await resultOf(experimentOf(texts))
      process.stdout.write(`${json ? JSON.stringify(result) : tableOf(result)}\n`)
    })
}

/** @throws ConfigError naming flag, value and what is allowed */
function experimentOf(texts: ExperimentText): Experiment {
  const { experiment, issues } = checkExperiment(texts)
  if (experiment) return experiment
  throw new ConfigError(issues.map(({ field, message }) => ({ field: flagOf({ path: field }), message })))
}

async function resultOf(experiment: Experiment): Promise<QuadraticResult> {
  const problem = quadraticProblem(experiment.preset, experiment.seed)
  const curves: Row[] = []
  for (const { method, k } of curvesOf(experiment)) {
    const curve = await runCurve(experiment, { method, k })
    curves.push({ method, k, diverged: curve.diverged, ...figuresOf(curve, experiment.steps) })
  }
  return {
    schema: 'tabswarm/quadratic/1',
    experiment,
    workers: problem.minimizer.length,
    dimension: problem.start.length,
    startDistance: quadraticDistance(problem.start, optimum(problem)),
    curves,
  }
}

function tableOf({ experiment, workers, dimension, startDistance, curves }: QuadraticResult): string {
  const shown = (distance: number | null) => distance?.toPrecision(3) ?? 'diverged'
  const head = ['method', 'k', ...curves[0].distances.map(({ step }) => `step ${step}`), 'tail mean', 'within 20 %']
  const rows = curves.map(({ method, k, distances, tailDistance, firstWithinFifth }) => [
    quadraticMethods[method].title,
    k === null ? 'all' : String(k),
    ...distances.map(({ distance }) => shown(distance)),
    shown(tailDistance),
    firstWithinFifth === null ? 'never' : `step ${firstWithinFifth}`,
  ])
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column].length)))
  const line = (row: string[]) => row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join('  ')
  return [
    `distance to the optimum: ${workers} workers, ${dimension} dimensions, beta ${experiment.beta}, learning rate ${experiment.learningRate}; ${startDistance.toPrecision(3)} at the start`,
    '',
    ...[head, ...rows].map(line),
    '',
    'tail mean: over the last 10 % of the steps; within 20 %: first step that ends within a fifth of the distance at the start.',
    "The constants are chosen: those of the GMC paper's section 3.2 are lost.",
  ].join('\n')
}
