import type { RunConfig } from '../../../engine/index.ts'

/** Macro of the equations -> its letter. A hyperparameter's macro is called like the hyperparameter. */
export const symbols = {
  learningRate: String.raw`\eta`,
  weightDecay: String.raw`\rho`,
  workers: 'N',
  beta: String.raw`\beta`,
  s: 's',
  localSteps: 'K',
  resetInterval: 'H',
  lambda: String.raw`\lambda`,
  mu: String.raw`\mu`,
  gamma: String.raw`\gamma`,
  slowBeta: String.raw`\beta_{\text{slow}}`,
  slowLr: String.raw`\alpha`,
} as const satisfies Record<string, string>

export type SymbolName = keyof typeof symbols

/** Letters that TeX already has under the macro's own name. */
const isLetter = (name: SymbolName) => symbols[name] === `\\${name}`

/** For equations with letters. */
export const letterMacros: Record<string, string> = Object.fromEntries(
  (Object.keys(symbols) as SymbolName[]).filter((name) => !isLetter(name)).map((name) => [`\\${name}`, symbols[name]]),
)

/** For equations with the numbers of a run in place of the letters. */
export function numberMacros(values: Partial<Record<SymbolName, number>>): Record<string, string> {
  const numbers = Object.entries(values).map(([name, value]) => [`\\${name}`, texNumber(value)])
  return { ...letterMacros, ...Object.fromEntries(numbers) }
}

/** In braces, so that it keeps together: 0.9, 1.2 · 10⁻⁵. */
export function texNumber(value: number): string {
  const text = String(Number(value.toPrecision(4)))
  const [digits, exponent] = text.split('e')
  return exponent === undefined ? `{${digits}}` : String.raw`{${digits} \cdot 10^{${Number(exponent)}}}`
}

/** The values of a run's symbols; the learning rate is the one of the last step, if there was one. */
export function symbolValues(
  { algorithm, weightDecay, learningRate, workers }: RunConfig,
  rateNow: number | null,
): Partial<Record<SymbolName, number>> {
  const { id: _, ...hyperparameters } = algorithm
  const numbers = Object.entries(hyperparameters).filter((entry): entry is [SymbolName, number] => typeof entry[1] === 'number')
  return { learningRate: rateNow ?? learningRate, weightDecay, workers, ...Object.fromEntries(numbers) }
}
