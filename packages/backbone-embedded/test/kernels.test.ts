import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { binomialSquare, gaussianLine, morletPair, type Kernel, type QuadraturePair } from '../src/kernels.ts'
import reference from './fixtures/reference.json' with { type: 'json' }

const angles = fc.double({ min: 0, max: Math.PI, noNaN: true })

function sum(data: Float32Array): number {
  return data.reduce((total, value) => total + value, 0)
}

/** The kernel turned by a quarter, from the x axis towards the y axis. */
function quarterTurn({ width, height, data }: Kernel): number[] {
  return Array.from(data, (_, index) => data[(height - 1 - (index % width)) * width + Math.floor(index / width)])
}

/** How strongly the pair answers a wave of this frequency vector (radians per pixel). */
function response({ even, odd }: QuadraturePair, frequencyX: number, frequencyY: number): number {
  const phase = (index: number): number => frequencyX * ((index % 7) - 3) + frequencyY * (Math.floor(index / 7) - 3)
  const real = even.data.reduce((total, value, index) => total + value * Math.cos(phase(index)), 0)
  const imaginary = odd.data.reduce((total, value, index) => total + value * Math.sin(phase(index)), 0)
  return Math.hypot(real, imaginary)
}

describe('Morlet wavelets', () => {
  it('answer nothing to a constant, at any angle', () => {
    fc.assert(
      fc.property(angles, (angle) => {
        const { even, odd } = morletPair(angle)
        expect(Math.abs(sum(even.data))).toBeLessThan(1e-7)
        expect(Math.abs(sum(odd.data))).toBeLessThan(1e-7)
      }),
    )
  })

  it('have one part that is symmetric about the centre and one that is antisymmetric', () => {
    fc.assert(
      fc.property(angles, (angle) => {
        const { even, odd } = morletPair(angle)
        for (const index of even.data.keys()) {
          expect(even.data[48 - index]).toBeCloseTo(even.data[index], 7)
          expect(odd.data[48 - index]).toBeCloseTo(-odd.data[index], 7)
        }
      }),
    )
  })

  it('turned by a quarter are those of an angle larger by a right angle', () => {
    fc.assert(
      fc.property(angles, (angle) => {
        const straight = morletPair(angle)
        const turned = morletPair(angle + Math.PI / 2)
        for (const part of ['even', 'odd'] as const)
          for (const [index, value] of quarterTurn(straight[part]).entries()) expect(turned[part].data[index]).toBeCloseTo(value, 7)
      }),
    )
  })

  it('prefer waves along their own angle to waves across it', () => {
    for (let index = 0; index < 8; index++) {
      const angle = (Math.PI * index) / 8
      const pair = morletPair(angle)
      const [x, y] = [Math.cos(angle) * 0.75 * Math.PI, Math.sin(angle) * 0.75 * Math.PI]
      expect(response(pair, x, y)).toBeGreaterThan(10 * response(pair, -y, x))
    }
  })

  it('equal the values computed with NumPy', () => {
    const { even, odd } = morletPair(Math.PI / 8)
    for (const [index, value] of reference.waveletAtPiOver8.even.entries()) expect(even.data[index]).toBeCloseTo(value, 7)
    for (const [index, value] of reference.waveletAtPiOver8.odd.entries()) expect(odd.data[index]).toBeCloseTo(value, 7)
  })
})

describe('smoothing filters', () => {
  it('keep the mean', () => {
    expect(sum(binomialSquare().data)).toBe(1)
    fc.assert(
      fc.property(fc.double({ min: 0.3, max: 8, noNaN: true }), (deviation) => {
        expect(sum(gaussianLine(deviation))).toBeCloseTo(1, 6)
      }),
    )
  })

  it('have the ratios of a Gaussian', () => {
    const line = gaussianLine(2.5)
    expect(line).toHaveLength(15)
    expect(line[9] / line[7]).toBeCloseTo(Math.exp(-(2 ** 2) / (2 * 2.5 ** 2)), 6)
  })
})
