import { expect, it } from 'vitest'
import { parseExperiment, type QuadraticMethodId } from '../../cluster/quadratic/index.ts'
import { sentence } from './sentence.ts'
import type { ShownCurve } from './use-curves.ts'

const experiment = parseExperiment({ steps: '10' })
const curve = (method: QuadraticMethodId, tail: number, diverged = false): ShownCurve => ({
  experiment,
  curve: { method, k: 1, distances: [8, ...Array.from({ length: 10 }, () => tail)], path: [], diverged },
})

it('says who settles how near', () => {
  expect(sentence([curve('gmc', 0.05), curve('dgc-no-masking', 0.5)])).toBe(
    'At k = 1 GMC settles 0.05 from the optimum and DGC without masking 0.5: 10 times as far.',
  )
  expect(sentence([curve('gmc', 0.5), curve('dgc-no-masking', 0.55)])).toMatch(/about the same\.$/)
  expect(sentence([curve('gmc', 0.5), curve('dgc-no-masking', 0.05)])).toMatch(/here DGC ends nearer\.$/)
  expect(sentence([curve('gmc', 1e-7), curve('dgc-no-masking', 0.05)])).toMatch(/more than a thousand times as far\.$/)
})

it('asks for the two methods, and tells what diverges', () => {
  expect(sentence([curve('gmc', 1)])).toMatch(/^Choose GMC and DGC without masking/)
  expect(sentence([curve('gmc', 1), curve('cser', 1e9, true)])).toMatch(/^CSER .* diverges: try a smaller learning rate/)
})
