import { mkdir, rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { LOADING_FAULTS, MANIFEST_FAULTS, METRIC } from './support/faulty-packages.ts'
import { imIad, parseJson, temporaryFolder, TOY_PLUGINS, type Outcome } from './support/im-iad.ts'
import {
  algorithm,
  announce,
  declarePackages,
  installPackage,
  paradigm,
  writePackage,
  type PackageDescription,
} from './support/plugin-package.ts'

interface Problem {
  readonly severity: string
  readonly code: string
  readonly package: string
  readonly version: string
  readonly path: string
  readonly declaredBy: string
  readonly problem: string
  readonly fix: string
}

interface Doctor {
  readonly places: readonly {
    readonly role: string
    readonly path: string
    readonly exists: boolean
    readonly found: readonly { readonly package: string; readonly directory: string; readonly state: string }[]
  }[]
  readonly plugins: readonly { readonly kind: string; readonly id: string; readonly package: string; readonly directory: string }[]
  readonly problems: readonly Problem[]
}

const SOUND: readonly PackageDescription[] = [
  {
    name: 'sound-metric',
    imIad: announce('image.sound', 'metric'),
    entry: `export default { ${METRIC}, id: 'image.sound', compute: () => ({ value: 0.25 }) }`,
  },
  { name: 'sound-paradigm' },
  { name: 'commonjs', manifest: { type: 'commonjs' }, entry: paradigm('commonjs').replace('export default', 'module.exports =') },
  {
    name: 'compiled',
    manifest: { type: 'commonjs' },
    entry: `Object.defineProperty(exports, '__esModule', { value: true });\n${paradigm('compiled').replace('export default', 'exports.default =')}`,
  },
  { name: 'circle-one', manifest: { peerDependencies: { 'circle-two': '*' } }, entry: `import 'circle-two'\n${paradigm('circle-one')}` },
  { name: 'circle-two', manifest: { peerDependencies: { 'circle-one': '*' } }, entry: `import 'circle-one'\n${paradigm('circle-two')}` },
  { name: 'twin-one', imIad: announce('twin'), entry: paradigm('twin') },
  { name: '@globex/twin-two', imIad: announce('twin'), entry: paradigm('twin') },
  { name: 'twice' },
]

/** Loads its heavy peer when it is needed, and wraps what goes wrong. */
const LAZY: PackageDescription = {
  name: 'lazy',
  imIad: announce('lazy', 'algorithm'),
  manifest: { peerDependencies: { 'heavy-runtime': '^2.0.0' }, peerDependenciesMeta: { 'heavy-runtime': { optional: true } } },
  entry: algorithm('lazy', `await import('heavy-runtime').catch((cause) => { throw new Error('no runtime', { cause }) })`),
}

/** Metrics that would stop every run if they were not left out. */
const METRICS: readonly PackageDescription[] = [
  { name: 'broken-metric', imIad: announce('image.broken', 'metric'), entry: `throw new Error('boom')` },
  {
    name: 'thief',
    imIad: announce('image.auroc', 'metric'),
    entry: `export default { ${METRIC}, id: 'image.auroc', compute: () => ({ value: -7 }) }`,
  },
]

const TOY = ['--plugin', TOY_PLUGINS, '-d', 'toy', '-c', 'left', '-a', 'toy-mean', '-p', 'toy-split']

let project: string
let home: string
let list: Outcome
let doctor: Doctor
let doctorText: Outcome

const at = (name: string): string => join(project, 'node_modules', name)
const call = (parameters: readonly string[]): Promise<Outcome> => imIad(parameters, { cwd: project, env: { IM_IAD_HOME: home } })
const problemsOf = (name: string): readonly Problem[] =>
  doctor.problems.filter((problem) => problem.package === name || problem.package === at(name))

/** One project with everything that can go wrong at once: whatever is wrong with one plugin, the others are there. */
beforeAll(async () => {
  const root = await temporaryFolder()
  project = join(root, 'project')
  home = join(root, 'home')
  const faults = Object.entries({ ...MANIFEST_FAULTS, ...LOADING_FAULTS }).map(([name, fault]) => ({ name, ...fault }))
  const packages: readonly PackageDescription[] = [...faults, ...SOUND, ...METRICS, LAZY]
  for (const description of packages) await installPackage(project, description)
  await installPackage(join(home, 'plugins'), { name: 'twice', version: '0.9.0' })
  await declarePackages(join(home, 'plugins'), 'twice')
  const linked = await writePackage(join(root, 'elsewhere', 'linked'), {
    name: 'linked',
    entry: `import library from 'library'\n${paradigm('linked', 'title: library')}`,
  })
  await installPackage(linked, { name: 'library', imIad: null, entry: `export default 'of its own'`, manifest: { main: 'index.js' } })
  await symlink(linked, at('linked'))
  await installPackage(project, { name: 'entry-link' })
  await rm(join(at('entry-link'), 'index.js'))
  await symlink(join(linked, 'index.js'), join(at('entry-link'), 'index.js'))
  await symlink(join(root, 'gone'), at('dangling'))
  await declarePackages(project, ...packages.map((description) => description.name), 'linked', 'entry-link', 'dangling', 'not-installed')
  ;[list, doctorText] = await Promise.all([call(['list']), call(['plugins', 'doctor'])])
  doctor = parseJson<Doctor>(await call(['plugins', 'doctor', '--json']))
})

describe('a package.json', () => {
  it.each(Object.entries(MANIFEST_FAULTS))(
    'like that of %s is reported once, with the remedy, by list and doctor',
    (name, { code, says, fix }) => {
      const problems = problemsOf(name)
      expect(problems[0]).toMatchObject({ severity: 'error', code, path: at(name), declaredBy: join(project, 'package.json') })
      expect(problems[0]?.problem).toContain(says)
      expect(problems[0]?.fix).toContain(fix)
      expect(list.stderr).toContain(says)
      expect(doctorText.stdout).toContain(says)
      expect(problems).toHaveLength(1)
      expect(doctor.plugins.filter((plugin) => plugin.package === name)).toEqual([])
    },
  )

  it('that links its entry out of the package is refused', () => {
    expect(problemsOf('entry-link')).toMatchObject([
      { code: 'IM_IAD_E_MANIFEST', problem: expect.stringContaining('is a link out of the package') },
    ])
  })
})

describe('an entry', () => {
  it.each(Object.entries(LOADING_FAULTS))('like that of %s is listed, and reported once by doctor', (name, { code, says, fix }) => {
    expect(list.stdout).toContain(`  ${name} `)
    const problems = problemsOf(name)
    expect(problems).toMatchObject([
      { severity: 'error', code, version: '1.0.0', path: join(at(name), 'index.js'), declaredBy: join(project, 'package.json') },
    ])
    expect(problems[0]?.problem).toContain(says)
    expect(problems[0]?.fix).toContain(fix)
  })

  it.each(['throws-at-import', 'validate-async', 'heavy-peer', 'object-two'])(
    'like that of %s stops a run that asks for it, before anything runs',
    async (name) => {
      const { stderr, code } = await call(['run', ...TOY.slice(0, -1), name])
      expect(stderr).toContain(`cannot load paradigm "${name}" from ${name}@1.0.0`)
      expect(stderr).toContain(`found:   ${join(at(name), 'index.js')} (declared by ${join(project, 'package.json')})`)
      expect(stderr).toContain(LOADING_FAULTS[name]?.fix)
      expect(code).toBe(2)
    },
  )

  it('names the line that throws', () => {
    expect(problemsOf('throws-at-import')[0]?.problem).toContain(`${join(at('throws-at-import'), 'index.js')}:2)`)
  })
})

describe('everything else', () => {
  it('is found and loads', () => {
    for (const name of [...SOUND.map((description) => description.name), 'linked']) {
      expect(doctor.plugins.some((plugin) => plugin.package === name)).toBe(true)
      expect(problemsOf(name).filter((problem) => problem.severity === 'error')).toEqual([])
    }
  })

  it('runs, with metrics that work and without those that do not', async () => {
    const outcome = await call(['run', ...TOY, '--json'])
    const { experiments } = parseJson<{ experiments: readonly { readonly metrics: Readonly<Record<string, number>> }[] }>(outcome)
    expect(experiments[0]?.metrics).toMatchObject({ 'image.sound': 0.25 })
    expect(experiments[0]?.metrics).not.toHaveProperty('image.broken')
    expect(outcome.stderr).toContain(
      'warning: the metric "image.broken" is left out: cannot load metric "image.broken" from broken-metric@1.0.0',
    )
    expect(outcome.code).toBe(0)
  })

  it('that lacks a heavy peer only when it works says in its record how to install it', async () => {
    const outcome = await call(['run', ...TOY, '-a', 'lazy', '--json'])
    const { experiments } = parseJson<{
      experiments: readonly { readonly algorithm: string; readonly error: { readonly code: string; readonly message: string } | null }[]
    }>(outcome)
    const failed = experiments.find((experiment) => experiment.algorithm === 'lazy')
    expect(failed?.error?.code).toBe('IM_IAD_E_MISSING_PACKAGE')
    expect(failed?.error?.message).toContain('algorithm "lazy" cannot go on')
    expect(failed?.error?.message).toContain(`lazy@1.0.0 in ${at('lazy')} (declared by ${join(project, 'package.json')})`)
    expect(failed?.error?.message).toContain('npm i heavy-runtime@^2.0.0')
    expect(experiments.find((experiment) => experiment.algorithm === 'toy-mean')?.error).toBeNull()
    expect(outcome.code).toBe(1)
  })

  it("keeps a well-known metric's name for the command's own", async () => {
    const outcome = await call(['run', ...TOY, '--json'])
    const { experiments } = parseJson<{ experiments: readonly { readonly metrics: Readonly<Record<string, number>> }[] }>(outcome)
    expect(experiments[0]?.metrics['image.auroc']).toBeGreaterThanOrEqual(0)
    expect(outcome.stderr).toMatch(
      /the metric "image.auroc" is provided by 2 packages: that of @im-iad\/metrics@\S+ is used, and that of thief@1.0.0/,
    )
  })
})

describe('two packages with one id', () => {
  it('are listed by the names that tell them apart, and noted', () => {
    expect(list.stdout).toMatch(/^ {2}twin-one\/twin +twin-one@1.0.0$/m)
    expect(list.stdout).toMatch(/^ {2}@globex\/twin-two\/twin +@globex\/twin-two@1.0.0$/m)
    expect(list.stderr).toContain('is also provided by twin-one@1.0.0')
    expect(problemsOf('@globex/twin-two')).toMatchObject([{ severity: 'note', code: 'IM_IAD_E_AMBIGUOUS_PLUGIN' }])
  })

  it('have to be told apart to be run', async () => {
    const { stderr, code } = await call(['run', ...TOY.slice(0, -1), 'twin'])
    expect(stderr).toContain(`twin-one@1.0.0 in ${at('twin-one')} (declared by ${join(project, 'package.json')})`)
    expect(stderr).toMatch(/say which: (twin-one\/twin or @globex\/twin-two\/twin|@globex\/twin-two\/twin or twin-one\/twin)/)
    expect(code).toBe(2)
  })

  it('are two in plans and hashes', async () => {
    const one = await call(['plan', ...TOY.slice(0, -1), 'twin-one/twin,@globex/twin-two/twin', '--json'])
    const { experiments } = parseJson<{
      experiments: readonly { readonly hash: string; readonly inputs: { readonly paradigm: { readonly id: string } } }[]
    }>(one)
    expect(experiments.map((experiment) => experiment.inputs.paradigm.id)).toEqual(['twin-one/twin', '@globex/twin-two/twin'])
    expect(new Set(experiments.map((experiment) => experiment.hash)).size).toBe(2)
  })
})

describe('im-iad plugins doctor', () => {
  it('shows every place and what was found there', () => {
    expect(doctor.places.map((place) => place.role).filter((role, index, roles) => roles.indexOf(role) === index)).toEqual([
      'project',
      'command',
      'beside-command',
      'managed',
    ])
    const [own] = doctor.places
    expect(own).toMatchObject({ role: 'project', path: join(project, 'package.json'), exists: true })
    expect(own?.found).toContainEqual({ package: 'sound-paradigm', version: '1.0.0', directory: at('sound-paradigm'), state: 'used' })
    expect(own?.found).toContainEqual(expect.objectContaining({ package: 'contract-two', state: 'refused' }))
    expect(doctor.places.at(-1)?.found).toMatchObject([{ package: 'twice', version: '0.9.0', state: 'shadowed' }])
    expect(doctorText.stdout).toContain('    twice@0.9.0  (a nearer copy is used)')
    expect(doctorText.stdout).toContain('    contract-two@1.0.0  (left out, see below)')
    expect(doctorText.code).toBe(1)
  })

  it('notes the copy of a package that is not used', () => {
    expect(problemsOf('twice')).toMatchObject([
      { severity: 'note', code: 'IM_IAD_E_SHADOWED', version: '0.9.0', problem: expect.stringContaining(at('twice')) },
    ])
  })

  it('says that a link leads nowhere', () => {
    expect(problemsOf('dangling')).toMatchObject([{ severity: 'error', code: 'IM_IAD_E_DANGLING_LINK', path: at('dangling') }])
    expect(list.stderr).toContain('it is a symbolic link to a folder that is not there')
  })

  it('takes a linked plugin by its real folder', () => {
    expect(doctor.plugins.find((plugin) => plugin.id === 'linked')?.directory).toMatch(/elsewhere.linked$/)
  })

  it('says nothing of what npm has not installed', () => {
    expect(problemsOf('not-installed')).toEqual([])
  })

  it('finds nothing through NODE_PATH, where imports do not look either', async () => {
    const empty = join(project, '..', 'empty')
    await declarePackages(empty, 'sound-paradigm')
    const outcome = await imIad(['list'], { cwd: empty, env: { IM_IAD_HOME: home, NODE_PATH: join(project, 'node_modules') } })
    expect(outcome.stdout).not.toContain('sound-paradigm')
  })

  it('tells of packages that --plugin names and that are none', async () => {
    await mkdir(join(project, 'plain'), { recursive: true })
    await writePackage(join(project, 'plain'), { name: 'plain', imIad: null })
    const outcome = await call(['list', '--plugin', './plain', '--plugin', './dangling-too', '--plugin', 'nowhere-at-all'])
    expect(outcome.stderr).toContain('plain@1.0.0 [IM_IAD_E_NO_PLUGINS]')
    expect(outcome.stderr).toContain('nowhere-at-all@? [IM_IAD_E_NOT_INSTALLED]')
  })
})
