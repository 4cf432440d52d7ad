import type { AdamSettings, VariableUpdate } from './optimizer-settings.ts'
import { requireSlot } from './require-slot.ts'

/**
 * One variable's step of Adam or AdamW (https://docs.pytorch.org/docs/stable/generated/torch.optim.AdamW.html):
 * m ← β₁ m + (1 - β₁) g, v ← β₂ v + (1 - β₂) g², w ← w - lr / (1 - β₁ᵗ) · m / (√v / √(1 - β₂ᵗ) + ε),
 * computed with √(1 - β₂ᵗ) taken out of the fraction: one operation less over all weights.
 */
export function adamUpdate(
  { kind, betas: [beta1, beta2] = [0.9, 0.999], epsilon = 1e-8, weightDecay = 0 }: AdamSettings,
  { tf, variable, gradient, slots, number, step, learningRate }: VariableUpdate,
): void {
  const [first, second] = [requireSlot(slots, 'first-moment'), requireSlot(slots, 'second-moment')]
  const slope = kind === 'adam' && weightDecay !== 0 ? tf.add(gradient, tf.mul(variable, weightDecay)) : gradient
  const start = kind === 'adamw' && weightDecay !== 0 ? tf.mul(variable, number(1 - learningRate * weightDecay)) : variable
  const mean = tf.add(tf.mul(first, beta1), tf.mul(slope, 1 - beta1))
  const square = tf.add(tf.mul(second, beta2), tf.mul(tf.square(slope), 1 - beta2))
  const correction = Math.sqrt(1 - beta2 ** step)
  const direction = tf.div(mean, tf.add(tf.sqrt(square), number(epsilon * correction)))
  variable.assign(tf.sub(start, tf.mul(direction, number((learningRate * correction) / (1 - beta1 ** step)))))
  first.assign(mean)
  second.assign(square)
}
