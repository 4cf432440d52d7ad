import type { ExperimentInputs } from '../store/record.ts'

/** The variables of the environment that tell an experiment's process which tensor engine to open, on which device. */
export function engineEnvironment({ engine, device }: ExperimentInputs): Readonly<Record<'IM_IAD_ENGINE' | 'IM_IAD_DEVICE', string>> {
  return { IM_IAD_ENGINE: engine, IM_IAD_DEVICE: device }
}
