import { mkdir, rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
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

/** What is wrong with a package, and what is to be said of it. */
interface Fault extends Omit<PackageDescription, 'name'> {
  readonly code: string
  readonly says: string
  readonly fix: string
}

const provides = (...provided: readonly object[]): object => ({ contract: 1, provides: provided })
const AUTHOR = 'correct package.json of the plugin'
const METRIC = `contract: 1, kind: 'metric', revision: 1, title: 't', citation: 'c', direction: 'higher-is-better', level: 'image'`

/** Seen in package.json: the plugin is not even listed. */
const MANIFEST_FAULTS: Readonly<Record<string, Fault>> = {
  'imiad-text': { imIad: 'yes', code: 'IM_IAD_E_MANIFEST', says: '"imIad" in package.json is not an object', fix: AUTHOR },
  'contract-two': {
    imIad: { contract: 2, provides: [] },
    code: 'IM_IAD_E_CONTRACT',
    says: 'it speaks contract 2; this im-iad supports 1',
    fix: 'npm i @im-iad/cli@latest, or install a version of contract-two for contract 1',
  },
  'contract-zero': {
    imIad: { contract: 0, provides: [] },
    code: 'IM_IAD_E_CONTRACT',
    says: 'contract 0',
    fix: 'a newer version of contract-zero',
  },
  'contract-text': {
    imIad: { contract: '1', provides: [] },
    code: 'IM_IAD_E_MANIFEST',
    says: '"imIad.contract" is "1", not the number',
    fix: AUTHOR,
  },
  'provides-nothing': { imIad: provides(), code: 'IM_IAD_E_MANIFEST', says: 'not a list of {kind, id, entry}', fix: AUTHOR },
  'kind-unknown': { imIad: announce('x', 'datset'), code: 'IM_IAD_E_MANIFEST', says: 'the unknown kind "datset"', fix: AUTHOR },
  'id-odd': { imIad: announce('X y'), code: 'IM_IAD_E_MANIFEST', says: 'is not of lower case letters', fix: AUTHOR },
  'entry-outside': {
    imIad: provides({ kind: 'paradigm', id: 'x', entry: '../../outside.js' }),
    code: 'IM_IAD_E_MANIFEST',
    says: 'lies outside the package: ../../outside.js',
    fix: AUTHOR,
  },
  'entry-absolute': {
    imIad: provides({ kind: 'paradigm', id: 'x', entry: '/etc/hostname' }),
    code: 'IM_IAD_E_MANIFEST',
    says: 'lies outside the package',
    fix: AUTHOR,
  },
  'entry-missing': {
    imIad: provides({ kind: 'paradigm', id: 'x', entry: './dist/index.js' }),
    code: 'IM_IAD_E_ENTRY',
    says: 'the entry of paradigm "x" does not exist',
    fix: 'build the package',
  },
  'entry-folder': {
    imIad: provides({ kind: 'paradigm', id: 'x', entry: './dist' }),
    files: { 'dist/index.js': '' },
    code: 'IM_IAD_E_ENTRY',
    says: 'the entry of paradigm "x" does not exist',
    fix: 'build the package',
  },
  'no-json': {
    files: { 'package.json': '{ "name": "no-json",' },
    code: 'IM_IAD_E_MANIFEST',
    says: 'package.json is no JSON',
    fix: 'install the package again',
  },
  'json-list': {
    files: { 'package.json': '[]' },
    code: 'IM_IAD_E_MANIFEST',
    says: 'package.json is no JSON object',
    fix: 'install the package again',
  },
}

const schema = (member: string): string => `parameters: { '~standard': { version: 1, vendor: 'test', ${member} } }`
const DESCRIBES = `jsonSchema: { input: () => ({ type: 'object', properties: {} }) }`

/** Seen when it is loaded: a paradigm of the package's name. */
const LOADING_FAULTS: Readonly<Record<string, Fault>> = {
  'syntax-error': {
    entry: 'export default {{',
    code: 'IM_IAD_E_ENTRY',
    says: "it cannot be parsed or linked: Unexpected token '{'",
    fix: 'node "',
  },
  'old-library': {
    entry: `import { createPlugin } from 'library'\nexport default createPlugin()`,
    files: {
      'node_modules/library/package.json': '{ "type": "module", "main": "index.js" }',
      'node_modules/library/index.js': 'export default 1',
    },
    code: 'IM_IAD_E_ENTRY',
    says: `does not provide an export named 'createPlugin'`,
    fix: 'npm i old-library@latest',
  },
  'throws-at-import': {
    entry: `\nthrow new Error('boom')`,
    code: 'IM_IAD_E_PLUGIN',
    says: 'boom (',
    fix: 'npm i throws-at-import@latest, or tell its author',
  },
  'throws-text': {
    entry: `throw 'boom'`,
    code: 'IM_IAD_E_PLUGIN',
    says: 'its entry throws when it is imported: boom',
    fix: 'tell its author',
  },
  'no-default': {
    entry: 'export const plugin = 1, other = 2',
    code: 'IM_IAD_E_PLUGIN',
    says: 'no default export (it exports other, plugin)',
    fix: 'npm i',
  },
  'commonjs-empty': {
    entry: 'exports.plugin = 1; Object.defineProperty(exports, "__esModule", { value: true })',
    manifest: { type: 'commonjs' },
    code: 'IM_IAD_E_PLUGIN',
    says: 'no default export (it exports plugin)',
    fix: 'npm i',
  },
  'default-text': { entry: `export default 'plugin'`, code: 'IM_IAD_E_PLUGIN', says: 'it is string, not a plugin object', fix: 'npm i' },
  'list-without': {
    entry: `export default [{ kind: 'metric', id: 'x' }]`,
    code: 'IM_IAD_E_PLUGIN',
    says: 'holds metric "x", not paradigm "list-without"',
    fix: 'npm i',
  },
  'object-two': {
    entry: paradigm('object-two', 'contract: 2'),
    code: 'IM_IAD_E_CONTRACT',
    says: 'the object speaks contract 2, its package.json contract 1; this im-iad supports 1',
    fix: 'npm i @im-iad/cli@latest',
  },
  'object-none': {
    entry: paradigm('object-none', 'contract: undefined'),
    code: 'IM_IAD_E_CONTRACT',
    says: 'the object states no contract',
    fix: 'npm i object-none@latest',
  },
  'other-id': {
    entry: paradigm('another'),
    code: 'IM_IAD_E_PLUGIN',
    says: '"id" is "another"; package.json says "other-id"',
    fix: 'npm i',
  },
  'lacks-members': {
    entry: paradigm('lacks-members', `plan: undefined, title: '', revision: 0.5, scope: 'all'`),
    code: 'IM_IAD_E_PLUGIN',
    says: '"title" is missing; "revision" is not a whole number from 1; "scope" is missing or of the wrong type; "plan" is missing',
    fix: 'npm i',
  },
  'throwing-member': {
    entry: paradigm('throwing-member', `get scope() { throw new Error('no scope') }`),
    code: 'IM_IAD_E_PLUGIN',
    says: 'reading its members throws: no scope',
    fix: 'npm i',
  },
  'no-standard': {
    entry: paradigm('no-standard', 'parameters: { shots: 1 }'),
    code: 'IM_IAD_E_PLUGIN',
    says: '"parameters" is no Standard Schema',
    fix: 'npm i',
  },
  'json-schema-throws': {
    entry: paradigm(
      'json-schema-throws',
      schema(`validate: (value) => ({ value }), jsonSchema: { input() { throw new Error('no schema') } }`),
    ),
    code: 'IM_IAD_E_PLUGIN',
    says: 'its parameters do not describe themselves: no schema',
    fix: 'npm i',
  },
  'validate-throws': {
    entry: paradigm('validate-throws', schema(`validate() { throw new Error('no luck') }, ${DESCRIBES}`)),
    code: 'IM_IAD_E_PLUGIN',
    says: 'its parameter schema throws when it validates: no luck',
    fix: 'npm i',
  },
  'validate-async': {
    entry: paradigm('validate-async', schema(`async validate() { throw new Error('later') }, ${DESCRIBES}`)),
    code: 'IM_IAD_E_PLUGIN',
    says: 'validates asynchronously, which the contract does not allow',
    fix: 'npm i',
  },
  'needs-values': {
    entry: paradigm('needs-values', schema(`validate: () => ({ issues: [{ message: 'shots is required' }] }), ${DESCRIBES}`)),
    code: 'IM_IAD_E_PLUGIN',
    says: 'each must have a default: shots is required',
    fix: 'npm i',
  },
  'heavy-peer': {
    entry: `import 'heavy-runtime/gpu'\n${paradigm('heavy-peer')}`,
    manifest: { peerDependencies: { 'heavy-runtime': '>=2 <4' }, peerDependenciesMeta: { 'heavy-runtime': { optional: true } } },
    code: 'IM_IAD_E_MISSING_PACKAGE',
    says: 'it needs the package "heavy-runtime", which it leaves to its users (a peer dependency) and which is not installed',
    fix: 'npm i "heavy-runtime@>=2 <4"',
  },
  'undeclared-import': {
    entry: `import '@scope/undeclared'\n${paradigm('undeclared-import')}`,
    code: 'IM_IAD_E_MISSING_PACKAGE',
    says: 'it needs the package "@scope/undeclared", which its package.json does not name',
    fix: 'npm i @scope/undeclared; and tell the author of undeclared-import',
  },
  'required-peer': {
    entry: `require('heavy-runtime')`,
    manifest: { type: 'commonjs', dependencies: { 'heavy-runtime': '^3.0.0' } },
    code: 'IM_IAD_E_MISSING_PACKAGE',
    says: 'it needs the package "heavy-runtime", which is one of its dependencies',
    fix: 'npm i heavy-runtime@^3.0.0',
  },
  'half-built': {
    entry: `export { default } from './dist/plugin.js'`,
    code: 'IM_IAD_E_ENTRY',
    says: 'dist/plugin.js does not exist',
    fix: 'build the package',
  },
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
