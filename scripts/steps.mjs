import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pruneOutputs } from './prune-outputs.mjs'

/** The repository's root folder. */
export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))

const { packageManager } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))

const ENVIRONMENT = { ...process.env, TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1', npm_config_update_notifier: 'false' }

/**
 * Runs one command in the repository's root, saying what it is for; a failure ends this process with a remedy.
 * @param {string} title what is being done
 * @param {readonly string[]} command the program and its arguments
 * @param {string} remedy what to do when it fails
 * @param {{ readonly allowed?: readonly number[] }} [options] `allowed`: exit codes that are no failure
 * @returns {number} the exit code
 */
export function step(title, [program, ...parameters], remedy, { allowed = [0] } = {}) {
  console.error(`\n== ${title}`)
  const { status, error, signal } = spawnSync(program, parameters, {
    cwd: ROOT,
    stdio: 'inherit',
    env: ENVIRONMENT,
    shell: process.platform === 'win32',
  })
  if (error === undefined && status !== null && allowed.includes(status)) return status
  const reason = error?.message ?? (signal === null ? `exit code ${status}` : `killed by ${signal}`)
  console.error(`\n${title}: failed (${reason})\n  command: ${[program, ...parameters].join(' ')}\n  fix:     ${remedy}`)
  process.exit(status === null || status === 0 ? 1 : status)
}

/**
 * A command of the pinned package manager, which need not be installed.
 * @param {...string} parameters
 */
export function pnpm(...parameters) {
  return ['npm', 'exec', '--yes', `--package=${packageManager}`, '--', 'pnpm', ...parameters]
}

/**
 * Installs and builds; quick when there is nothing to do.
 * @param {{ readonly force?: boolean }} [options] `force`: build everything again, whatever is cached
 */
export function setUp({ force = false } = {}) {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major < 20 || (major === 20 && minor < 19)) {
    console.error(`Node ${process.versions.node} is too old\n  fix:     install Node 20.19 or newer`)
    process.exit(1)
  }
  step(
    `Installing dependencies with ${packageManager}`,
    pnpm('install', '--frozen-lockfile', '--reporter=append-only'),
    'check the connection to your package registry (npm ping), then run the command again',
  )
  step(
    'Building all packages',
    pnpm('run', 'build', '--output-logs=errors-only', '--no-color', ...(force ? ['--force'] : [])),
    'delete the dist folders (git clean -xdf packages) and run the command again; report it if it still fails',
  )
  pruneOutputs(join(ROOT, 'packages'))
}
