import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { homeDirectory } from '@im-iad/core'

/** PyTorch, and what exporting a model to ONNX needs. */
const PACKAGES = ['torch', 'numpy', 'onnx']

/**
 * A Python that has PyTorch: `IM_IAD_PYTHON` or python3, else the environment under `IM_IAD_HOME/cache`, which is made when the peer is asked for (`--peer`).
 * @returns {Promise<{python: string, missing: null} | {python: null, missing: string}>}
 */
export async function findPyTorch({ peer, log }) {
  const given = process.env.IM_IAD_PYTHON ?? 'python3'
  const folder = join(homeDirectory(process.env), 'cache', 'pytorch-peer')
  const own = join(folder, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python')
  for (const python of [given, own]) if (hasPyTorch(python)) return { python, missing: null }
  if (!peer) return { python: null, missing: `PyTorch (${given} has none; --peer installs it, some GB, into ${folder})` }
  log(`installing ${PACKAGES.join(', ')} into ${folder}: some GB from the package index that pip is set up for`)
  await mkdir(dirname(folder), { recursive: true })
  for (const [command, parameters] of [
    [given, ['-m', 'venv', folder]],
    [own, ['-m', 'pip', 'install', '--quiet', ...PACKAGES]],
  ]) {
    const { status, stderr, error } = spawnSync(command, parameters, { encoding: 'utf8' })
    if (status !== 0)
      return {
        python: null,
        missing: `PyTorch ("${command} ${parameters.join(' ')}" failed: ${error?.message ?? stderr.trim().slice(-500)})`,
      }
  }
  return hasPyTorch(own)
    ? { python: own, missing: null }
    : { python: null, missing: `PyTorch (it was installed into ${folder} but does not load)` }
}

function hasPyTorch(python) {
  return (
    (python === 'python3' || existsSync(python) || !python.includes('/')) &&
    spawnSync(python, ['-c', `import ${PACKAGES.join(', ')}`], { stdio: 'ignore' }).status === 0
  )
}
