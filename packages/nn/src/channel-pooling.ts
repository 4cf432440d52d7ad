/** Values that each level gives to a patch feature, or `null` where all levels together have no more channels than are wanted. */
export function channelShare(channels: readonly number[], targetDimension: number): number | null {
  const total = channels.reduce((sum, own) => sum + own, 0)
  return total > targetDimension ? Math.max(1, Math.floor(targetDimension / channels.length)) : null
}

/** Adaptive average pooling of channels as a matrix, float32 `[channels, target]`: output i is the mean of channels floor(i C / T) to ceil((i + 1) C / T). */
export function channelPooling(channels: number, target: number): Float32Array {
  const weights = new Float32Array(channels * target)
  for (let output = 0; output < target; output++) {
    const start = Math.floor((output * channels) / target)
    const end = Math.ceil(((output + 1) * channels) / target)
    for (let channel = start; channel < end; channel++) weights[channel * target + output] = 1 / (end - start)
  }
  return weights
}
