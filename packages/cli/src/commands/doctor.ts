import { buildCommand, type Command } from '@stricli/core'
import type { ImIadContext } from '../context.ts'

export type DoctorFlags = {
  readonly json: boolean
}

export const doctorCommand: Command<ImIadContext> = buildCommand<DoctorFlags, [], ImIadContext>({
  loader: async () => (await import('../actions/doctor.ts')).doctorAction,
  parameters: { flags: { json: { kind: 'boolean', default: false, withNegated: false, brief: 'Print one JSON document' } } },
  docs: { brief: 'Check this installation: Node, native libraries, engines, folders, plugins' },
})
