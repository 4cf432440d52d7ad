#!/usr/bin/env node
// Checks this bundle and the machine; with --to FOLDER copies the bundle there. Needs Node only, and no network.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { chmod, copyFile, mkdir, readdir, readFile, rm, stat } from 'node:fs/promises'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const BUNDLE = dirname(fileURLToPath(import.meta.url))
const CHECKSUMS = 'SHA256SUMS'

/** The most files that a message names. */
const NAMED = 5

class Refusal extends Error {}

try {
  await install()
} catch (error) {
  const isExpected = error instanceof Refusal || typeof error?.code === 'string'
  console.error(`im-iad: ${isExpected ? error.message : error.stack}`)
  process.exitCode = 1
}

async function install() {
  const target = targetFolder()
  checkNode()
  const { platform } = JSON.parse(await readFile(join(BUNDLE, 'bundle.json'), 'utf8'))
  checkPlatform(platform)
  const listed = await readChecksums()
  await checkFiles(listed)
  console.log(`${listed.size} files are as they were packed`)
  const folder = target === null ? BUNDLE : await copyTo(target, [...listed.keys(), CHECKSUMS])
  await makeExecutable(folder)
  runDoctor(folder)
  console.log(`\nim-iad is ready: ${join(folder, 'bin', 'im-iad')} --help`)
  if (process.env.IM_IAD_HOME)
    console.log(
      `IM_IAD_HOME is set, so weights are looked for in ${join(process.env.IM_IAD_HOME, 'weights')} and not in ${join(folder, 'home', 'weights')}`,
    )
}

function targetFolder() {
  try {
    const { to } = parseArgs({ options: { to: { type: 'string' } } }).values
    return to === undefined ? null : resolve(to)
  } catch (error) {
    throw new Refusal(`${error.message}\n  fix:     node install.mjs, or node install.mjs --to FOLDER`)
  }
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > 20 || (major === 20 && minor >= 19)) return
  throw new Refusal(`Node ${process.versions.node} is too old\n  fix:     install Node 20.19 or newer`)
}

function checkPlatform({ name, os, cpu, libc }) {
  const here = `${process.platform}-${process.arch}`
  if (process.platform !== os || process.arch !== cpu)
    throw new Refusal(
      `this bundle is for ${name}, and this machine (or its Node) is ${here}\n  fix:     make one for it: im-iad bundle --platform ${here}`,
    )
  const isGlibc = process.report.getReport().header.glibcVersionRuntime !== undefined
  if (libc === 'glibc' && !isGlibc)
    throw new Refusal(
      'this bundle is for Linux with glibc, and this one has another C library (Alpine has musl)\n  fix:     use a Linux with glibc',
    )
}

async function readChecksums() {
  const lines = (await readFile(join(BUNDLE, CHECKSUMS), 'utf8')).split('\n').filter((line) => line !== '')
  return new Map(lines.map((line) => [line.slice(66), line.slice(0, 64)]))
}

/** Every listed file has to be there as it was packed, and among the code nothing else. What im-iad writes later lies in home. */
async function checkFiles(listed) {
  const faults = []
  for (const [path, expected] of listed) {
    const actual = await hashFile(join(BUNDLE, path)).catch((error) => error.code)
    if (actual !== expected) faults.push(`${actual === 'ENOENT' ? 'missing' : 'changed'}  ${path}`)
  }
  for (const folder of ['bin', 'node_modules'])
    for (const path of await filesBelow(folder)) if (!listed.has(path)) faults.push(`added    ${path}`)
  if (faults.length === 0) return
  const more = faults.length > NAMED ? [`and ${faults.length - NAMED} more`] : []
  throw new Refusal(
    `this bundle is not as it was packed\n${[...faults.slice(0, NAMED), ...more].map((fault) => `  ${fault}`).join('\n')}\n  fix:     unpack the archive again, into an empty folder; if that does not help, copy the archive again`,
  )
}

async function filesBelow(folder) {
  const entries = await readdir(join(BUNDLE, folder), { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) =>
      relative(BUNDLE, join(entry.parentPath ?? entry.path, entry.name))
        .split(sep)
        .join('/'),
    )
}

async function hashFile(path) {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}

async function copyTo(target, paths) {
  const isThere = await stat(target).then(
    () => true,
    () => false,
  )
  if (isThere)
    throw new Refusal(`there is something already at ${target}\n  fix:     name a folder that is not there yet, or remove that one`)
  try {
    for (const path of paths) {
      await mkdir(dirname(join(target, path)), { recursive: true })
      await copyFile(join(BUNDLE, path), join(target, path))
    }
  } catch (error) {
    await rm(target, { recursive: true, force: true })
    throw new Refusal(
      `cannot copy to ${target}; what was copied has been removed\n  problem: ${error.message}\n  fix:     name a folder on a disk with more room that you may write to`,
    )
  }
  return target
}

/** Some programs that unpack archives drop permissions. */
async function makeExecutable(folder) {
  if (process.platform === 'win32') return
  const launcher = join(folder, 'bin', 'im-iad')
  if (((await stat(launcher)).mode & 0o111) === 0) await chmod(launcher, 0o755)
}

/** Loads the native libraries and looks at the plugins. */
function runDoctor(folder) {
  const { status } = spawnSync(process.execPath, [join(folder, 'bin', 'im-iad'), 'doctor'], { stdio: 'inherit', cwd: folder })
  if (status !== 0)
    throw new Refusal(
      'the files are right, but something on this machine is not: see above\n  fix:     what is named there; --to FOLDER where this folder can only be read',
    )
}
