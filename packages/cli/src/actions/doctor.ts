import { access, constants, mkdir } from 'node:fs/promises'
import { homeDirectory, RECORD_SCHEMA } from '@im-iad/core'
import { DEFAULT_DEVICE } from '@im-iad/nn/engine-names'
import type { DoctorFlags } from '../commands/doctor.ts'
import type { ImIadContext } from '../context.ts'
import { findPlugins } from '../find-plugins.ts'
import { sayEngines } from '../say-engines.ts'

/** One thing that was looked at. */
interface Finding {
  readonly name: string
  readonly ok: boolean
  /** A version or path; for what is not well, the reason. */
  readonly text: string
  /** Empty when it is well. */
  readonly fix: string
}

/** `im-iad doctor`: exits 1 when something that runs need is missing. */
export async function doctorAction(this: ImIadContext, flags: DoctorFlags): Promise<void> {
  const findings: readonly Finding[] = [
    { name: 'Node', ok: true, text: `${process.version} on ${process.platform}-${process.arch}`, fix: '' },
    await look('onnxruntime-node', onnxRuntime, 'npm i onnxruntime-node, with ONNXRUNTIME_NODE_INSTALL=skip in the environment'),
    await look('sharp', sharpVersion, 'npm i sharp'),
    await look(
      'IM_IAD_HOME',
      () => writableFolder(homeDirectory(this.environment)),
      'set IM_IAD_HOME to a folder that you may write to; without it only caching is lost',
    ),
    pluginFinding(this),
  ]
  const device = flags.device ?? (this.environment['IM_IAD_DEVICE'] || DEFAULT_DEVICE)
  const { inspectEngines } = await import('@im-iad/nn')
  const engines = await inspectEngines(device)
  if (findings.some((finding) => !finding.ok) || engines.some((engine) => engine.isDefault && !engine.available)) this.exitWith(1)
  if (flags.json) return this.print(JSON.stringify({ schema: RECORD_SCHEMA, findings, device, engines }))
  for (const { name, ok, text, fix } of findings)
    this.print(`${ok ? 'ok     ' : 'problem'}  ${name.padEnd(18)}${text}${ok ? '' : `\n         ${' '.repeat(18)}fix: ${fix}`}`)
  for (const line of sayEngines(engines, device)) this.print(line)
}

async function look(name: string, work: () => Promise<string>, fix: string): Promise<Finding> {
  try {
    return { name, ok: true, text: await work(), fix: '' }
  } catch (error) {
    return { name, ok: false, text: error instanceof Error ? error.message : String(error), fix }
  }
}

async function onnxRuntime(): Promise<string> {
  const { describeRuntime } = await import('@im-iad/onnx')
  return describeRuntime()
}

async function sharpVersion(): Promise<string> {
  const { describeDecoder } = await import('@im-iad/images')
  return describeDecoder()
}

async function writableFolder(path: string): Promise<string> {
  await mkdir(path, { recursive: true })
  await access(path, constants.W_OK)
  return path
}

function pluginFinding(context: ImIadContext): Finding {
  const { plugins, problems } = findPlugins(context, []).discovery
  const broken = problems.filter((problem) => problem.severity === 'error').length
  const text = `${plugins.length} found${broken === 0 ? '' : `, ${broken} left out`}`
  return { name: 'plugins', ok: broken === 0, text, fix: 'im-iad plugins doctor' }
}
