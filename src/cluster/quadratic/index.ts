export { type Curve, curvesOf, runCurve } from './curve.ts'
export {
  checkExperiment,
  defaultTexts,
  type Experiment,
  type ExperimentText,
  experimentFields,
  parseExperiment,
} from './experiment.ts'
export { type CurveFigures, figuresOf } from './figures.ts'
export { type QuadraticMethodId, quadraticMethodIds, quadraticMethods } from './methods.ts'
export {
  meanCurvature,
  optimum,
  presetDimension,
  type QuadraticPreset,
  type QuadraticProblem,
  quadraticDistance,
  quadraticPresets,
  quadraticProblem,
} from './problem.ts'
