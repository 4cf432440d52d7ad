import { dependencyRange } from './dependency-ranges.ts'
import type { License } from './license.ts'
import type { TemplateKind } from './plugin-template.ts'

export interface ManifestRequest {
  readonly name: string
  readonly kind: TemplateKind
  readonly id: string
  readonly license: License
}

/** The package.json of a plugin package, ready to be published. */
export function packageManifest({ name, kind, id, license }: ManifestRequest): object {
  const [coreMajor = '1'] = dependencyRange('@im-iad/core').replace(/^\D*/, '').split('.')
  return {
    name,
    version: '0.1.0',
    description: `The ${kind} ${id} for im-iad`,
    keywords: ['im-iad-plugin'],
    license,
    files: ['dist'],
    type: 'module',
    sideEffects: false,
    exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' }, './package.json': './package.json' },
    ...(name.startsWith('@') ? { publishConfig: { access: 'public' } } : {}),
    scripts: { build: 'tsc', test: 'npm run build && tsc -p test && vitest run', prepack: 'npm run build' },
    // A metric has no parameters, and so no need of a schema library.
    ...(kind === 'metric' ? {} : { dependencies: { zod: dependencyRange('zod') } }),
    peerDependencies: { '@im-iad/core': `^${coreMajor}` },
    devDependencies: Object.fromEntries(
      (['@im-iad/core', '@im-iad/testkit', '@types/node', 'typescript', 'vitest'] as const).map((each) => [each, dependencyRange(each)]),
    ),
    engines: { node: '>=20.19' },
    imIad: { contract: 1, provides: [{ kind, id, entry: './dist/index.js' }] },
  }
}
