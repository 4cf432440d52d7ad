import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

const VERDACCIO: string = join(dirname(createRequire(import.meta.url).resolve('verdaccio/package.json')), 'bin', 'verdaccio')

/** A package registry of our own, for as long as the tests run. */
export interface Registry {
  readonly url: string
  stop(): Promise<void>
}

export interface RegistryOptions {
  /** Everything it keeps goes here. */
  readonly directory: string
  /** Where packages that are not published here come from. */
  readonly upstream: string
  /** Names that are ours: never asked of the upstream. */
  readonly own: readonly string[]
}

/** Starts Verdaccio on the loopback interface, on a port that is free. */
export async function startRegistry({ directory, upstream, own }: RegistryOptions): Promise<Registry> {
  await mkdir(directory, { recursive: true })
  const url = `http://127.0.0.1:${await freePort()}/`
  const configuration = join(directory, 'config.yaml')
  const anyone = { access: '$all', publish: '$all', unpublish: '$all' }
  await writeFile(
    configuration,
    JSON.stringify({
      storage: join(directory, 'storage'),
      web: { enable: false },
      auth: { htpasswd: { file: join(directory, 'htpasswd'), max_users: -1 } },
      uplinks: { upstream: { url: upstream, maxage: '1h', timeout: '120s', max_fails: 1000 } },
      packages: { ...Object.fromEntries(own.map((name) => [name, anyone])), '**': { access: '$all', proxy: 'upstream' } },
      max_body_size: '200mb',
      log: { type: 'stdout', format: 'pretty', level: 'warn' },
    }),
  )
  const child = spawn(process.execPath, [VERDACCIO, '--config', configuration, '--listen', url], { stdio: ['ignore', 'pipe', 'pipe'] })
  const output: string[] = []
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => output.push(text))
  const kill = (): void => void child.kill('SIGKILL')
  process.once('exit', kill)
  await answering(url, child, output)
  return {
    url,
    async stop() {
      process.removeListener('exit', kill)
      if (child.exitCode !== null) return
      child.kill('SIGTERM')
      await once(child, 'exit')
    },
  }
}

async function answering(url: string, child: ChildProcess, output: readonly string[]): Promise<void> {
  for (let waited = 0; waited < 60_000; waited += 100) {
    if (child.exitCode !== null) break
    const answer = await fetch(new URL('-/ping', url)).catch(() => null)
    if (answer?.ok === true) return
    await pause(100)
  }
  child.kill('SIGKILL')
  throw new Error(`Verdaccio does not answer at ${url}\n${output.join('')}`)
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('the system gave no port')
  return address.port
}
