import { cifarFormats, isCifarName, type RunConfig, shapes10 } from '../engine/index.ts'

/** What the first `count` classes of a data set are called, by label. */
export function classNamesOf(dataset: RunConfig['dataset'], count: number): string[] {
  const names = isCifarName(dataset) ? cifarFormats[dataset].classNames : shapes10.manifest.classNames
  return Array.from({ length: count }, (_, label) => names[label]?.replaceAll('_', ' ') ?? `class ${label}`)
}
