import { adamStep } from '@im-iad/tfjs-onnxruntime'
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
  const correction = Math.sqrt(1 - beta2 ** step)
  const [rate, added] = [number((learningRate * correction) / (1 - beta1 ** step)), number(epsilon * correction)]
  const moved = adamStep({ variable: start, gradient: slope, first, second, rate, epsilon: added }, [beta1, beta2])
  variable.assign(moved.variable)
  first.assign(moved.first)
  second.assign(moved.second)
}
