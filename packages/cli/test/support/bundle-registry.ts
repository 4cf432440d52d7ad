import { join } from 'node:path'
import { temporaryFolder } from './im-iad.ts'
import { packPackage, writePackage, type PackageDescription } from './plugin-package.ts'
import { openRegistry, type TestRegistry } from './registry.ts'

/** Headers of native binaries, and nothing behind them. Offsets and numbers are those of the formats' specifications. */
export const BINARIES: Readonly<Record<string, Buffer>> = {
  'linux-x64': elf(62),
  'linux-arm64': elf(183),
  'win32-x64': portableExecutable(0x8664),
  'win32-arm64': portableExecutable(0xaa64),
  'darwin-x64': machO(0x01000007),
  'darwin-arm64': machO(0x0100000c),
  'darwin-universal': universal([0x01000007, 0x0100000c]),
}

function elf(machine: number): Buffer {
  const header = Buffer.alloc(128)
  header.write('\u007fELF\u0002\u0001\u0001', 'latin1')
  header.writeUInt16LE(machine, 18)
  return header
}

function portableExecutable(machine: number): Buffer {
  const header = Buffer.alloc(256)
  header.write('MZ', 'latin1')
  header.writeUInt32LE(128, 0x3c)
  header.write('PE', 128, 'latin1')
  header.writeUInt16LE(machine, 132)
  return header
}

function machO(cpu: number): Buffer {
  const header = Buffer.alloc(64)
  header.writeUInt32LE(0xfeedfacf, 0)
  header.writeUInt32LE(cpu, 4)
  return header
}

function universal(cpus: readonly number[]): Buffer {
  const header = Buffer.alloc(128)
  header.writeUInt32BE(0xcafebabe, 0)
  header.writeUInt32BE(cpus.length, 4)
  for (const [index, cpu] of cpus.entries()) header.writeUInt32BE(cpu, 8 + index * 20)
  return header
}

/** The add-ons of a package that holds those of all systems, and of one that npm chooses by the system. */
const MANY = Object.fromEntries(['linux-x64', 'win32-x64', 'darwin-arm64'].map((name) => [`bin/${name}/addon.node`, BINARIES[name] ?? '']))

const chosen = (name: string): PackageDescription => {
  const [os, cpu] = name.split('-')
  return { name: `chosen-${name}`, imIad: null, manifest: { os: [os], cpu: [cpu] }, files: { 'addon.node': BINARIES[name] ?? '' } }
}

/** A stand-in for the command: prints what it was given and where its home is. */
const COMMAND = "console.log(['command', ...process.argv.slice(2)].join(' '), process.env.IM_IAD_HOME)\n"

const PUBLISHED: readonly PackageDescription[] = [
  {
    name: '@im-iad/cli',
    imIad: null,
    manifest: { dependencies: { many: '^1.0.0', choosing: '^1.0.0' } },
    files: { 'bin/im-iad.js': COMMAND },
  },
  { name: 'many', imIad: null, files: MANY },
  {
    name: 'choosing',
    imIad: null,
    manifest: {
      optionalDependencies: Object.fromEntries(['linux-x64', 'win32-x64', 'darwin-arm64'].map((name) => [`chosen-${name}`, '1.0.0'])),
    },
  },
  chosen('linux-x64'),
  chosen('darwin-arm64'),
  // chosen-win32-x64 is in no registry: npm passes over it.
  { name: 'im-iad-paradigm-good' },
  { name: 'im-iad-windows-only', files: { 'addon.node': BINARIES['win32-x64'] ?? '', 'helper.exe': BINARIES['win32-x64'] ?? '' } },
  { name: 'left-pad', imIad: null },
]

/** A registry with a command, plugins and binaries, all of them made up. */
export async function openBundleRegistry(): Promise<TestRegistry> {
  const folder = await temporaryFolder()
  const publish = async (description: PackageDescription, index: number): Promise<Parameters<typeof openRegistry>[0][number]> => {
    const directory = await writePackage(join(folder, String(index), 'package'), description)
    const { name, manifest } = description
    return { manifest: { name, version: '1.0.0', ...manifest }, tarball: await packPackage(directory, join(folder, String(index))) }
  }
  return openRegistry(await Promise.all(PUBLISHED.map(publish)))
}
