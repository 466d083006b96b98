/** Short names of fields where splitting the schema's name into words is not good enough. */
const fieldLabels: Record<string, string> = {
  'algorithm.id': 'Algorithm',
  'algorithm.beta': 'Momentum β',
  'algorithm.s': 'Momentum kind s',
  trainImages: 'Training set',
  testImages: 'Test set',
  augment: 'Crop and flip',
  dataset: 'Data set',
  alpha: 'Dirichlet α',
  evaluateEvery: 'Evaluate every',
  aggregation: 'Exact averages',
  float16: '16-bit values',
  warmupEpochs: 'Warm-up',
  steps: 'Steps per worker',
  schedule: 'Rate schedule',
}

export function fieldLabel(path: string): string {
  if (Object.hasOwn(fieldLabels, path)) return fieldLabels[path]
  // A field with variants is called like what it chooses.
  const name = path.replace(/\.id$/, '').split('.').at(-1) ?? path
  const words = name.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase()
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** What numbers count, where the label does not say it. */
const fieldUnits: Record<string, string> = {
  trainImages: 'pictures',
  testImages: 'pictures',
  evaluateEvery: 'steps',
  warmupEpochs: 'epochs',
  'algorithm.localSteps': 'steps',
}

export const fieldUnit = (path: string): string | undefined => (Object.hasOwn(fieldUnits, path) ? fieldUnits[path] : undefined)

const optionLabels: Record<string, string> = {
  shapes10: 'Shapes-10 (built in)',
  cifar10: 'CIFAR-10',
  cifar100: 'CIFAR-100',
  iid: 'even (IID)',
  dirichlet: 'skewed by class (Dirichlet)',
  cnn: 'Small CNN',
  'resnet20-gn': 'ResNet20 (GroupNorm)',
  'resnet20-bn': 'ResNet20 (BatchNorm)',
  'resnet56-gn': 'ResNet56 (GroupNorm)',
  'resnet56-bn': 'ResNet56 (BatchNorm)',
  vit: 'ViT (vision transformer)',
  'vit-sl': 'ViT for small data sets (SPT, LSA)',
  wgsl: 'compiled engine on WebGPU (wgsl)',
  simd: 'compiled engine on the CPU (simd)',
  wasm: 'tfjs on WebAssembly (wasm)',
  webgpu: 'tfjs on WebGPU',
  webgl: 'tfjs on WebGL',
  cpu: 'tfjs in plain JavaScript (cpu)',
  auto: 'automatic',
  step: 'step (×0.1 at 50 % and 75 %)',
}

export const optionLabel = (option: string): string => (Object.hasOwn(optionLabels, option) ? optionLabels[option] : option)
