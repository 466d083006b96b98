import { cifarFormats, isCifarName, type RunConfig, shapes10 } from '../engine/index.ts'

/** What the classes of a data set are called, by label. */
export function classNamesOf(dataset: RunConfig['dataset']): string[] {
  const names = isCifarName(dataset) ? cifarFormats[dataset].classNames : shapes10.manifest.classNames
  return names.map((name) => name.replaceAll('_', ' '))
}
