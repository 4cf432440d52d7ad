import { unknownPlatform } from './errors.ts'

/** A machine that a bundle is made for, in the words of Node and npm. */
export interface BundlePlatform {
  readonly name: string
  /** `process.platform` there. */
  readonly os: 'linux' | 'win32' | 'darwin'
  /** `process.arch` there. */
  readonly cpu: 'x64' | 'arm64'
  /** The C library; `null` where there is but one. */
  readonly libc: 'glibc' | null
}

/** Those for which sharp and onnxruntime-node publish binaries. */
const PLATFORMS: readonly BundlePlatform[] = [
  { name: 'linux-x64', os: 'linux', cpu: 'x64', libc: 'glibc' },
  { name: 'linux-arm64', os: 'linux', cpu: 'arm64', libc: 'glibc' },
  { name: 'win32-x64', os: 'win32', cpu: 'x64', libc: null },
  { name: 'win32-arm64', os: 'win32', cpu: 'arm64', libc: null },
  { name: 'darwin-arm64', os: 'darwin', cpu: 'arm64', libc: null },
]

export const PLATFORM_NAMES: readonly string[] = PLATFORMS.map(({ name }) => name)

/** @throws ImIadError IM_IAD_E_PLATFORM */
export function parsePlatform(text: string): BundlePlatform {
  const platform = PLATFORMS.find(({ name }) => name === text)
  if (platform === undefined) throw unknownPlatform(text, PLATFORM_NAMES)
  return platform
}

/** What a package.json of npm's says about where a package works; nothing said is everywhere. */
export interface PlatformLimits {
  readonly os: readonly string[] | undefined
  readonly cpu: readonly string[] | undefined
  readonly libc: readonly string[] | undefined
}

/** Whether a package that names its systems or processors names this platform. One that names neither is for nobody in particular. */
export function isMadeFor({ os, cpu, libc }: PlatformLimits, platform: BundlePlatform): boolean {
  if (os === undefined && cpu === undefined) return false
  return allows(os, platform.os) && allows(cpu, platform.cpu) && (platform.libc === null || allows(libc, platform.libc))
}

/** npm's lists: names that are wanted, or `!name` for those that are not. */
function allows(list: readonly string[] | undefined, value: string): boolean {
  if (list === undefined || list.length === 0) return true
  if (list.includes(`!${value}`)) return false
  return list.includes(value) || list.every((entry) => entry.startsWith('!'))
}
