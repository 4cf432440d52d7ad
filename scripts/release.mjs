import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { publicPackages } from './packed-files.mjs'
import { pnpm, setUp, step } from './steps.mjs'

/**
 * Publishes every package whose version is not in the registry yet, after `npm run version-packages` was merged. Built from nothing: what a build of other sources left
 * in dist must not be published.
 */
refuseWithoutIdentity()
for (const folder of publicPackages()) rmSync(join(folder, 'dist'), { recursive: true, force: true })
setUp({ force: true })
step(
  'Files and sizes of the packages that are published',
  ['node', 'scripts/pack-sizes.mjs'],
  'correct "files" in the package.json that is named above',
)
step(
  'Publishing what is new',
  pnpm('exec', 'changeset', 'publish'),
  'read the messages above; run it again: what is published already is left out',
)

/** `publishConfig.provenance` has npm sign where a package was built, which only a CI service with an identity can; npm would say so after the first package. */
function refuseWithoutIdentity() {
  const identities = ['ACTIONS_ID_TOKEN_REQUEST_URL', 'SIGSTORE_ID_TOKEN']
  const signed = publicPackages(({ publishConfig }) => publishConfig?.provenance === true)
  if (signed.length === 0 || identities.some((name) => process.env[name] !== undefined)) return
  console.error(
    `cannot publish from here\n  problem: ${signed.length} packages are published with a statement of provenance, and nothing here can sign one (${identities.join(' or ')})\n  fix:     let the release workflow of GitHub Actions (permission id-token: write) or GitLab CI (id_tokens) run it`,
  )
  process.exit(2)
}
