import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import autocannon from 'autocannon'
import { expect, it } from 'vitest'
import { fitSmall } from '../../../packages/predict/test/support/fit-small.ts'
import { pictureFolder } from '../../../packages/predict/test/support/pictures.ts'

const SERVER = fileURLToPath(new URL('../server.mjs', import.meta.url))
const SECONDS = 60
/** What the heap may breathe, in megabytes: a leak of one picture per request would be gigabytes. */
const BREATH = 60

it(`answers for ${SECONDS} s of good and bad uploads without a 5xx and without growing`, async () => {
  const root = await pictureFolder({ good: 8, bad: 2 })
  const { folder } = await fitSmall(root)
  const server = spawn(process.execPath, [SERVER, folder], { env: { ...process.env, PORT: '0' }, stdio: ['ignore', 'pipe', 'inherit'] })
  try {
    const { value } = await createInterface({ input: server.stdout })[Symbol.asyncIterator]().next()
    const url = String(value).replace('listening on ', '')
    const picture = await readFile(join(root, 'bad/000.png'))
    const headers = { 'content-type': 'image/png' }
    const load = (duration) =>
      autocannon({
        url: `${url}/score`,
        connections: 10,
        duration,
        requests: [
          { method: 'POST', headers, body: picture },
          { method: 'POST', headers, body: picture.subarray(0, 200) },
          { method: 'POST', headers, body: Buffer.from('no picture') },
          { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' },
        ],
      })
    await load(10)
    const before = await residentMegabytes(server.pid)
    const result = await load(SECONDS)
    const after = await residentMegabytes(server.pid)
    const { '2xx': decided, '4xx': refused, '5xx': failed, errors, timeouts } = result
    console.log(
      JSON.stringify({
        decided,
        refused,
        failed,
        errors,
        timeouts,
        perSecond: result.requests.average,
        before,
        after,
        p99: result.latency.p99,
      }),
    )
    expect({ failed, errors, timeouts }).toEqual({ failed: 0, errors: 0, timeouts: 0 })
    // One good upload to three bad ones, in turn.
    expect(decided).toBeGreaterThan(100)
    expect(Math.abs(refused / decided - 3)).toBeLessThan(0.2)
    expect(after - before).toBeLessThan(BREATH)
  } finally {
    server.kill('SIGTERM')
    expect(await new Promise((resolve) => server.once('close', resolve))).toBe(0)
  }
})

async function residentMegabytes(pid) {
  const { default: pidusage } = await import('pidusage')
  return (await pidusage(pid)).memory / 1e6
}
