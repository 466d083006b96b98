/** A method of the quadratic experiment: an algorithm of the lab, with what sets it apart from its siblings. */
export interface QuadraticMethod {
  title: string
  /** id of the algorithm */
  algorithm: string
  /** hyperparameters beside beta; the rest are the algorithm's defaults */
  hyperparameters: Record<string, string | number | boolean>
  /** false: sends everything, whatever k is */
  compresses: boolean
}

/** In the order in which they are listed and drawn. */
export const quadraticMethods = {
  dmsgd: { title: 'DMSGD', algorithm: 'dmsgd', hyperparameters: {}, compresses: false },
  gmc: { title: 'GMC', algorithm: 'gmc', hyperparameters: {}, compresses: true },
  'dgc-no-masking': { title: 'DGC without masking', algorithm: 'dgc', hyperparameters: { masking: false }, compresses: true },
  dgc: { title: 'DGC with masking', algorithm: 'dgc', hyperparameters: { masking: true }, compresses: true },
  'gmc-server-momentum': { title: 'Momentum on the server', algorithm: 'gmc-server-momentum', hyperparameters: {}, compresses: true },
  'gmc-plus': { title: 'GMC+ (λ 0.5)', algorithm: 'gmc-plus', hyperparameters: { lambda: 0.5 }, compresses: true },
  'def-a': { title: 'DEF-A (λ 0.3)', algorithm: 'def-a', hyperparameters: { lambda: 0.3 }, compresses: true },
  cser: { title: 'CSER (reset every 50)', algorithm: 'cser', hyperparameters: { resetInterval: 50 }, compresses: true },
} as const satisfies Record<string, QuadraticMethod>

export type QuadraticMethodId = keyof typeof quadraticMethods

export const quadraticMethodIds = Object.keys(quadraticMethods) as QuadraticMethodId[]
