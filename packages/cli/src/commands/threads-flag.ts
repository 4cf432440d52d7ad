import { numberParser, type TypedCommandFlagParameters } from '@stricli/core'
import type { ImIadContext } from '../context.ts'

/** The flag of every command that computes in this process or in one child. */
export const threadsFlag: TypedCommandFlagParameters<{ readonly threads?: number }, ImIadContext> = {
  flags: {
    threads: {
      kind: 'parsed',
      parse: numberParser,
      optional: true,
      brief: "Threads of native libraries; the machine's cores when absent",
      placeholder: 'number',
    },
  },
}
