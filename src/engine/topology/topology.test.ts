import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { topologyNames } from '../config.ts'
import { graphOf, mixingMatrix, spectralGap, type TopologyName } from './index.ts'

const anyTopology = fc
  .record({ topology: fc.constantFrom(...topologyNames), n: fc.integer({ min: 1, max: 40 }) })
  .filter(({ topology, n }) => topology !== 'torus' || n <= 4 || !isPrime(n))
const isPrime = (n: number) => !Array.from({ length: n }, (_, d) => d).some((d) => d > 1 && d < n && n % d === 0)
const sum = (values: number[]) => values.reduce((a, b) => a + b, 0)

describe('mixing matrices', () => {
  it('are doubly stochastic, non-negative and follow the graph', () => {
    fc.assert(
      fc.property(anyTopology, ({ topology, n }) => {
        const W = mixingMatrix(topology, n)
        const graph = graphOf(topology, n)
        for (let i = 0; i < n; i++) {
          expect(sum(W[i])).toBeCloseTo(1, 12)
          expect(sum(W.map((row) => row[i]))).toBeCloseTo(1, 12)
          for (let j = 0; j < n; j++) {
            expect(W[i][j]).toBeGreaterThanOrEqual(0)
            if (i !== j) expect(W[i][j] > 0).toBe(graph[j].includes(i))
          }
        }
      }),
    )
  })

  it('mix: every topology is connected, so the spectral gap is positive and at most 1', () => {
    fc.assert(
      fc.property(anyTopology, ({ topology, n }) => {
        const gap = spectralGap(mixingMatrix(topology, n))
        expect(gap).toBeGreaterThan(0)
        expect(gap).toBeLessThanOrEqual(1 + 1e-9)
      }),
    )
  })

  // Measured values of ALGORITHMS.md section 7.
  it.each<[TopologyName, number, number]>([
    ['ring', 8, 0.195],
    ['ring', 16, 0.051],
    ['exponential', 8, 0.5],
    ['exponential', 16, 0.4],
    ['complete', 8, 1],
    ['chain', 8, 0.051],
  ])('%s of %i has spectral gap %f', (topology, n, gap) => {
    expect(spectralGap(mixingMatrix(topology, n))).toBeCloseTo(gap, 3)
  })

  it('refuses a torus over a prime number of workers, with advice', () => {
    expect(() => mixingMatrix('torus', 7)).toThrow(/torus with 7 workers.*4, 6, 8, 9/)
  })

  it('gives the torus of 16 four neighbors each', () => {
    expect(graphOf('torus', 16).map((neighbors) => neighbors.length)).toEqual(new Array(16).fill(4))
  })
})
