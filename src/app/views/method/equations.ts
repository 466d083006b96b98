import type { AlgorithmConfig, AlgorithmId } from '../../../engine/index.ts'

/** One line of a method, in TeX with the macros of `symbols.ts`. */
export interface Equation {
  tex: string
  /** the line needs what other workers sent */
  sends?: true
  /** hyperparameters with which it is part of the method; absent: always */
  when?: Readonly<Record<string, string | boolean>>
}

/** What one worker i does, as written in the doc comment of the algorithm's file in the engine. */
export interface Equations {
  /** where the gradient is taken */
  point: string
  /** at each gradient step */
  step: readonly Equation[]
  /** after every K-th step (CSER: H-th) */
  round?: readonly Equation[]
}

type Template = [TemplateStringsArray, ...string[]]
const line = (...template: Template): Equation => ({ tex: String.raw(...template) })
const exchange = (...template: Template): Equation => ({ ...line(...template), sends: true })
const when = (hyperparameters: Equation['when'], equation: Equation): Equation => ({ ...equation, when: hyperparameters })
/** Gossip and the exact mean of what stands there for worker j. */
const mix = (...template: Template) => String.raw`\textstyle\sum_j W_{ij}\, ${String.raw(...template)}`
const mean = (...template: Template) => String.raw`\tfrac{1}{\workers} \textstyle\sum_j ${String.raw(...template)}`

const w = 'w'
const x = 'x_i'
const momentum = line`m_i \leftarrow \beta\, m_i + g_i`
const averagedModel: Equation = exchange`x_i \leftarrow ${mean`x_j`}`
const mixedModel: Equation = exchange`x_i \leftarrow ${mix`x_j`}`

/** A step along the momentum `m`, or one step ahead of it, as a switch of the method decides. */
const momentumSteps = (key: string, [heavyBall, nesterov]: readonly (string | boolean)[], m = 'm_i'): Equation[] => [
  when({ [key]: heavyBall }, line`x_i \leftarrow x_i - \learningRate\, ${m}`),
  when({ [key]: nesterov }, line`x_i \leftarrow x_i - \learningRate\,(g_i + \beta\, ${m})`),
]
const bySwitch = [false, true]
const byOption = ['heavy-ball', 'nesterov']

const unified = (g: string): Equation[] => [
  line`m_i \leftarrow \beta\, m_i + ${g}`,
  line`x_i \leftarrow x_i - \learningRate\,\bigl[\s\, ${g} + (1 - \s\,(1 - \beta))\, m_i\bigr]`,
]
const descent: Equation = line`x_i \leftarrow x_i - \learningRate\, g_i`
const residual: Equation = line`e_i \leftarrow u_i - C(u_i)`
const aggregate: Equation = exchange`q \leftarrow ${mean`C(u_j)`}`

/** The equations of every algorithm. `x` is a worker's own model, `w` one that all workers have in common. */
export const equations: Readonly<Record<AlgorithmId, Equations>> = {
  'd-sum': {
    point: x,
    step: unified('g_i'),
    round: [mixedModel, when({ mixMomentum: true }, exchange`m_i \leftarrow ${mix`m_j`}`)],
  },
  'gt-dsum': {
    point: x,
    step: [line`v_i \leftarrow g_i + c_i`, ...unified('v_i')],
    round: [
      line`\bar v_i \leftarrow \text{mean of the } \localSteps \text{ vectors } v_i`,
      mixedModel,
      exchange`m_i \leftarrow ${mix`m_j`}`,
      exchange`c_i \leftarrow c_i - \bar v_i + ${mix`\bar v_j`}`,
    ],
  },
  'pr-sgd-m': {
    point: x,
    step: [line`u_i \leftarrow \beta\, u_i + g_i`, ...momentumSteps('option', byOption, 'u_i')],
    round: [exchange`u_i \leftarrow ${mean`u_j`}`, averagedModel],
  },
  'gossip-msgd': {
    point: x,
    step: [
      line`u_i \leftarrow \beta\, u_i + g_i`,
      ...momentumSteps('option', byOption, 'u_i'),
      exchange`u_i \leftarrow ${mix`u_j`}`,
      mixedModel,
    ],
  },
  gmc: {
    point: w,
    step: [line`u_i \leftarrow e_i + g_i + \beta\, q`, aggregate, residual, line`w \leftarrow w - \learningRate\, q`],
  },
  'gmc-plus': {
    point: String.raw`w - \lambda \cdot \learningRate\, e_i`,
    step: [line`u_i \leftarrow e_i + g_i + \beta\, q`, aggregate, residual, line`w \leftarrow w - \learningRate\, q`],
  },
  'gmc-server-momentum': {
    point: w,
    step: [
      line`u_i \leftarrow e_i + g_i`,
      residual,
      exchange`m \leftarrow \beta\, m + ${mean`C(u_j)`}`,
      line`w \leftarrow w - \learningRate\, m`,
    ],
  },
  'gmc-lr-residual': {
    point: w,
    step: [
      line`u_i \leftarrow e_i + \learningRate\, g_i + \beta\,(w_{\text{before}} - w)`,
      residual,
      exchange`w \leftarrow w - ${mean`C(u_j)`}`,
    ],
  },
  dmsgd: {
    point: w,
    step: [
      exchange`\bar g \leftarrow ${mean`g_j`}`,
      line`m \leftarrow \beta\, m + \bar g`,
      when({ nesterov: false }, line`w \leftarrow w - \learningRate\, m`),
      when({ nesterov: true }, line`w \leftarrow w - \learningRate\,(\bar g + \beta\, m)`),
    ],
  },
  dgc: {
    point: w,
    step: [
      line`u_i \leftarrow \beta\, u_i + g_i`,
      line`v_i \leftarrow v_i + u_i`,
      exchange`w \leftarrow w - \learningRate\, ${mean`C(v_j)`}`,
      line`v_i \leftarrow v_i - C(v_i)`,
      when({ masking: true }, line`u_i \leftarrow 0 \text{ at the entries just sent}`),
    ],
  },
  cser: {
    point: x,
    step: [
      momentum,
      line`p_i \leftarrow \learningRate\, m_i, \quad r_i \leftarrow p_i - C(p_i)`,
      exchange`x_i \leftarrow x_i - ${mean`C(p_j)`} - r_i`,
      line`e_i \leftarrow e_i - r_i`,
    ],
    round: [line`r_i \leftarrow e_i - C'(e_i)`, exchange`x_i \leftarrow x_i - e_i + ${mean`C'(e_j)`} + r_i`, line`e_i \leftarrow r_i`],
  },
  'def-a': {
    point: String.raw`w - \lambda\, e_i`,
    step: [
      momentum,
      line`d_i \leftarrow e_i + \learningRate\, m_i`,
      exchange`w \leftarrow w - ${mean`C(d_j)`}`,
      line`e_i \leftarrow d_i - C(d_i)`,
      exchange`\text{evaluated at } w - ${mean`e_j`}`,
    ],
  },
  'd-psgd': { point: x, step: [descent, mixedModel] },
  'd-psgd-m': { point: x, step: [momentum, ...momentumSteps('nesterov', bySwitch), mixedModel] },
  'qg-dsgdm': {
    point: x,
    step: [
      line`m_i \leftarrow \beta\, h_i + g_i`,
      when({ nesterov: false }, exchange`x'_i \leftarrow ${mix`(x_j - \learningRate\, m_j)`}`),
      when({ nesterov: true }, exchange`x'_i \leftarrow ${mix`(x_j - \learningRate\,(g_j + \beta\, m_j))`}`),
      line`h_i \leftarrow \mu\, h_i + (1 - \mu)\,(x_i - x'_i) / \learningRate`,
      line`x_i \leftarrow x'_i`,
    ],
  },
  'gt-dsgd': {
    point: x,
    step: [
      line`v_i \leftarrow v_i + g_i - g_i^{\text{before}} \quad (\text{at first } v_i \leftarrow g_i)`,
      line`x_i \leftarrow x_i - \learningRate\, v_i`,
      mixedModel,
      exchange`v_i \leftarrow ${mix`v_j`}`,
    ],
  },
  'momentum-tracking': {
    point: x,
    step: [
      line`u_i \leftarrow \beta\, u_i + g_i`,
      exchange`x_i \leftarrow ${mix`x_j`} - \learningRate\,(u_i - c_i)`,
      exchange`c_i \leftarrow ${mix`(c_j - u_j)`} + u_i`,
    ],
  },
  d2: {
    point: x,
    step: [
      line`d_i \leftarrow (x_i^{\text{before}} - x_i) / \learningRate_{\text{before}} + g_i - g_i^{\text{before}} \quad (\text{at first } d_i \leftarrow g_i)`,
      exchange`x_i \leftarrow ${mix`(x_j - \learningRate\, d_j)`}`,
    ],
  },
  'k-gt': {
    point: x,
    step: [line`x_i \leftarrow x_i - \learningRate\,(g_i + c_i)`],
    round: [
      line`z_i \leftarrow (x_i^{\text{start}} - x_i) / (\localSteps \cdot \learningRate)`,
      exchange`c_i \leftarrow c_i - z_i + ${mix`z_j`}`,
      exchange`x_i \leftarrow ${mix`x_j^{\text{start}}`} - \localSteps \cdot \learningRate\, ${mix`z_j`}`,
    ],
  },
  slowmo: {
    point: x,
    step: [momentum, line`x_i \leftarrow x_i - \learningRate\, m_i`],
    round: [
      exchange`u \leftarrow \slowBeta\, u + (x^{\text{start}} - ${mean`x_j`}) / \learningRate`,
      line`x_i \leftarrow x^{\text{start}} - \slowLr \cdot \learningRate\, u`,
    ],
  },
  'choco-sgd': {
    point: x,
    step: [descent, line`h_i \leftarrow h_i + C(x_i - h_i)`, exchange`x_i \leftarrow x_i + \gamma\,\bigl(${mix`h_j`} - h_i\bigr)`],
  },
  'relay-sgd': {
    point: x,
    step: [
      line`h_i \leftarrow x_i - \learningRate\, g_i`,
      exchange`s_{i \to j} \leftarrow h_i + \sum_{l \ne j} s_{l \to i}^{\text{before}}`,
      line`x_i \leftarrow \tfrac{1}{\workers}\Bigl(h_i + \sum_j s_{j \to i} + (\workers - n_i)\, x_0\Bigr) \quad (n_i \text{ models in these sums})`,
    ],
  },
  fedavg: { point: x, step: [descent], round: [averagedModel] },
  scaffold: {
    point: x,
    step: [line`x_i \leftarrow x_i - \learningRate\,(g_i - c_i + c)`],
    round: [
      line`c_i \leftarrow c_i - c + (x^{\text{start}} - x_i) / (\localSteps \cdot \learningRate)`,
      exchange`c \leftarrow ${mean`c_j`}`,
      averagedModel,
    ],
  },
  local: { point: x, step: [momentum, ...momentumSteps('nesterov', bySwitch)] },
  centralized: { point: x, step: [momentum, ...momentumSteps('nesterov', bySwitch)] },
}

/** The lines that are part of the method with these hyperparameters. */
export const linesFor = (lines: readonly Equation[], algorithm: AlgorithmConfig): Equation[] =>
  lines.filter(({ when = {} }) => Object.entries(when).every(([key, value]) => algorithm[key] === value))
