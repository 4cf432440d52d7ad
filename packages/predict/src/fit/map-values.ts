/** A sample of values for quantiles: bounded, and spread evenly over all that were seen. */
export interface MapValues {
  readonly add: (values: Float32Array) => void
  /** `null` when nothing was added. */
  readonly quantiles: () => { readonly median: number; readonly high: number } | null
}

/** Of each map every so many-th pixel; a prime, so that it does not follow columns. */
const STEP = 61

export function collectMapValues(): MapValues {
  const kept: number[] = []
  return {
    add(values) {
      for (let index = 0; index < values.length; index += STEP) {
        const value = values[index]
        if (value !== undefined) kept.push(value)
      }
    },
    quantiles() {
      if (kept.length === 0) return null
      const sorted = Float32Array.from(kept).sort()
      const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0
      return { median: at(0.5), high: at(0.999) }
    },
  }
}
