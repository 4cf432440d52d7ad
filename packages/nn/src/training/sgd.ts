import type { SgdSettings, VariableUpdate } from './optimizer-settings.ts'
import { requireSlot } from './require-slot.ts'

/**
 * One variable's step of gradient descent (https://docs.pytorch.org/docs/stable/generated/torch.optim.SGD.html):
 * b ← μ b + g, w ← w - lr · b, or with Nesterov's momentum w ← w - lr · (g + μ b).
 */
export function sgdUpdate(
  { momentum = 0, nesterov = false, weightDecay = 0 }: SgdSettings,
  { tf, variable, gradient, slots, number, learningRate }: VariableUpdate,
): void {
  const slope = weightDecay === 0 ? gradient : tf.add(gradient, tf.mul(variable, weightDecay))
  const rate = number(learningRate)
  if (momentum === 0) return variable.assign(tf.sub(variable, tf.mul(slope, rate)))
  const buffer = requireSlot(slots, 'momentum')
  const moved = tf.add(tf.mul(buffer, momentum), slope)
  variable.assign(tf.sub(variable, tf.mul(nesterov ? tf.add(slope, tf.mul(moved, momentum)) : moved, rate)))
  buffer.assign(moved)
}
