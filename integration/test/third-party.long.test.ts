import { cp } from 'node:fs/promises'
import { expect, inject, it } from 'vitest'
import { emptyFolder } from '../support/consumer.ts'
import { strangersEnvironment } from '../support/package-tools.ts'
import { runProgram } from '../support/run-program.ts'
import { THIRD_PARTY } from '../support/workspace.ts'

const sandbox = inject('sandbox')
const env = strangersEnvironment(sandbox)

it("the third party's own repository installs from the registry and passes its tests and the conformance suite", async () => {
  const cwd = await emptyFolder(sandbox, 'globex')
  await cp(THIRD_PARTY, cwd, { recursive: true })
  await runProgram('npm', ['install'], { cwd, env })
  const { stdout } = await runProgram('npm', ['test'], { cwd, env })
  expect(stdout).toMatch(/✓ test\/conformance\.test\.js/)
  expect(stdout).toMatch(/✓ test\/colour-distance\.test\.js/)
})
