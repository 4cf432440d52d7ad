import { DEFAULT_DEVICE, DEVICES } from '@im-iad/nn/engine-names'
import { buildCommand, type Command } from '@stricli/core'
import type { ImIadContext } from '../context.ts'

export type DoctorFlags = {
  readonly device?: (typeof DEVICES)[number]
  readonly json: boolean
}

export const doctorCommand: Command<ImIadContext> = buildCommand<DoctorFlags, [], ImIadContext>({
  loader: async () => (await import('../actions/doctor.ts')).doctorAction,
  parameters: {
    flags: {
      device: {
        kind: 'enum',
        values: DEVICES,
        optional: true,
        brief: `What the tensor engines are tried on; IM_IAD_DEVICE, else ${DEFAULT_DEVICE}, when absent`,
      },
      json: { kind: 'boolean', default: false, withNegated: false, brief: 'Print one JSON document' },
    },
  },
  docs: { brief: 'Check this installation: Node, native libraries, engines, folders, plugins' },
})
