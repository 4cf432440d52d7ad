/** Where a training is: what a schedule may depend on. */
export interface TrainingPosition {
  /** Steps done so far, from 0. */
  readonly step: number
  /** Steps in one epoch. */
  readonly stepsPerEpoch: number
  readonly epochs: number
}

/** The factor that a learning rate is multiplied by before a step. Pure: a resumed training gets the same. */
export type Schedule = (position: TrainingPosition) => number

export const constant: Schedule = () => 1

/** PyTorch's MultiStepLR: multiplied by `factor` at the start of each of the given epochs (counted from 0). */
export function stepwise(epochs: readonly number[], factor: number): Schedule {
  return (position) => factor ** epochs.filter((epoch) => epoch <= epochOf(position)).length
}

/** PyTorch's ExponentialLR: multiplied by `factor` after every epoch. */
export function exponential(factor: number): Schedule {
  return (position) => factor ** epochOf(position)
}

/**
 * Half a cosine from 1 to `floor` (Loshchilov and Hutter, "SGDR", without restarts; PyTorch's CosineAnnealingLR with `floor` as a share): the last epoch, or step, is one before the floor.
 * @param by - whether the factor changes with every epoch or with every step
 */
export function cosine({ by, floor = 0 }: { readonly by: 'epoch' | 'step'; readonly floor?: number }): Schedule {
  return (position) => {
    const done = by === 'epoch' ? epochOf(position) / position.epochs : position.step / (position.stepsPerEpoch * position.epochs)
    return floor + ((1 - floor) * (1 + Math.cos(Math.PI * done))) / 2
  }
}

/** (1 - t) to a power, t from 0 to 1 over all steps: PyTorch's PolynomialLR. */
export function polynomial(power: number): Schedule {
  return ({ step, stepsPerEpoch, epochs }) => Math.max(0, 1 - step / (stepsPerEpoch * epochs)) ** power
}

/** Rises linearly from `start` to 1 over so many steps, then goes on with the given schedule: PyTorch's LinearLR, multiplied in. */
export function warmUp(steps: number, start: number, then: Schedule = constant): Schedule {
  return (position) => then(position) * (position.step >= steps ? 1 : start + ((1 - start) * position.step) / steps)
}

export interface OneCycle {
  /** Share of all steps in which it rises; 0.3 when absent. */
  readonly rise?: number
  /** The factor at the first step is 1 over this; 25 when absent. */
  readonly divisor?: number
  /** The factor at the last step is the first one's over this; 1e4 when absent. */
  readonly finalDivisor?: number
}

/** Smith and Topin, "Super-convergence", as PyTorch's OneCycleLR with cosine annealing and two phases; the learning rate is its `max_lr`. Momentum is not cycled. */
export function oneCycle({ rise = 0.3, divisor = 25, finalDivisor = 1e4 }: OneCycle = {}): Schedule {
  return ({ step, stepsPerEpoch, epochs }) => {
    const total = stepsPerEpoch * epochs
    const [first, last] = [1 / divisor, 1 / divisor / finalDivisor]
    const top = rise * total - 1
    return step <= top ? anneal(first, 1, step / top) : anneal(1, last, (step - top) / (total - 1 - top))
  }
}

/** From `start` to `end` on half a cosine. */
function anneal(start: number, end: number, share: number): number {
  return end + ((start - end) * (1 + Math.cos(Math.PI * share))) / 2
}

function epochOf({ step, stepsPerEpoch }: TrainingPosition): number {
  return Math.floor(step / stepsPerEpoch)
}
