import { cpus, platform } from 'node:os'
import type { HostRecord } from '../store/record.ts'

/** The machine this process runs on. @param threads - that an experiment's native libraries may use on it */
export function describeHost(threads: number): HostRecord {
  const processors = cpus()
  return {
    platform: `${platform()}-${process.arch}`,
    cpu: processors[0]?.model ?? 'unknown',
    cores: processors.length,
    threads,
    node: process.version,
  }
}
