import { open } from 'node:fs/promises'
import type { BundlePlatform } from './platform.ts'

/** The platforms that a native binary runs on, by what is written in it. */
export interface NativeBinary {
  readonly os: BundlePlatform['os']
  /** `process.arch` of those that it holds code for; `other` for processors that no bundle is made for. */
  readonly cpus: readonly string[]
}

/** Enough for the offset of the PE header, which linkers put within the first kilobyte, and for the list of architectures of a universal Mach-O. */
const HEADER_LENGTH = 1024

const ELF_MACHINES: ReadonlyMap<number, string> = new Map([
  [62, 'x64'],
  [183, 'arm64'],
])

const PE_MACHINES: ReadonlyMap<number, string> = new Map([
  [0x8664, 'x64'],
  [0xaa64, 'arm64'],
])

const MACH_O_CPUS: ReadonlyMap<number, string> = new Map([
  [0x01000007, 'x64'],
  [0x0100000c, 'arm64'],
])

/**
 * Looks at a file's header: ELF (System V gABI, `e_machine`), PE/COFF (Microsoft's "PE Format", `Machine`) or Mach-O (`<mach-o/loader.h>`, `<mach-o/fat.h>`).
 * @returns `null` for a file that is no native binary
 */
export async function readNativeBinary(path: string): Promise<NativeBinary | null> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEADER_LENGTH), 0, HEADER_LENGTH, 0)
    return parseNativeBinary(buffer.subarray(0, bytesRead))
  } finally {
    await file.close()
  }
}

export function parseNativeBinary(header: Buffer): NativeBinary | null {
  if (header.length < 64) return null
  const magic = header.readUInt32BE(0)
  if (magic === 0x7f454c46) return { os: 'linux', cpus: [nameOf(ELF_MACHINES, readUInt16(header, 18, header[5] === 1))] }
  if (magic === 0xcffaedfe) return { os: 'darwin', cpus: [nameOf(MACH_O_CPUS, header.readUInt32LE(4))] }
  if (magic === 0xcafebabe) return universalMachO(header)
  return header.readUInt16BE(0) === 0x4d5a ? portableExecutable(header) : null
}

/** Java's class files begin with the same four bytes; the next four are their version, which is above 40. */
function universalMachO(header: Buffer): NativeBinary | null {
  const count = header.readUInt32BE(4)
  if (count === 0 || count > 40) return null
  const entries = Array.from({ length: count }, (_unused, index) => 8 + index * 20).filter((offset) => offset + 20 <= header.length)
  return { os: 'darwin', cpus: entries.map((offset) => nameOf(MACH_O_CPUS, header.readUInt32BE(offset))) }
}

function portableExecutable(header: Buffer): NativeBinary | null {
  const offset = header.readUInt32LE(0x3c)
  if (offset + 6 > header.length || header.toString('latin1', offset, offset + 4) !== 'PE\0\0') return null
  return { os: 'win32', cpus: [nameOf(PE_MACHINES, header.readUInt16LE(offset + 4))] }
}

function readUInt16(bytes: Buffer, offset: number, isLittleEndian: boolean): number {
  return isLittleEndian ? bytes.readUInt16LE(offset) : bytes.readUInt16BE(offset)
}

function nameOf(machines: ReadonlyMap<number, string>, machine: number): string {
  return machines.get(machine) ?? 'other'
}

/** Whether a program for the platform can load the binary. */
export function runsOn({ os, cpus }: NativeBinary, platform: BundlePlatform): boolean {
  return os === platform.os && cpus.includes(platform.cpu)
}
