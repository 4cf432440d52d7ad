import { announce, paradigm, type PackageDescription } from './plugin-package.ts'

/** What is wrong with a package, and what is to be said of it. */
export interface Fault extends Omit<PackageDescription, 'name'> {
  readonly code: string
  readonly says: string
  readonly fix: string
}

const provides = (...provided: readonly object[]): object => ({ contract: 1, provides: provided })
const AUTHOR = 'correct package.json of the plugin'
/** What all metrics of these tests declare. */
export const METRIC = `contract: 1, kind: 'metric', revision: 1, title: 't', citation: 'c', direction: 'higher-is-better', level: 'image'`

/** Seen in package.json: the plugin is not even listed. */
export const MANIFEST_FAULTS: Readonly<Record<string, Fault>> = {
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
export const LOADING_FAULTS: Readonly<Record<string, Fault>> = {
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
