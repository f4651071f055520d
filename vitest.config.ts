import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Those that take longest, first: a worker that begins one of them last keeps everybody waiting. */
const slow = [
  ...['package', 'certify/certify', 'docs-commands', 'browser/user-agent', 'docs-your-own-contract'],
  ...['steps/reference', 'certify/prove-defects', 'steps/verdicts'],
]

class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const at = slow.findIndex((name) => moduleId.endsWith(`/test/${name}.test.ts`))
      return at < 0 ? slow.length : at
    }
    const sorted = await super.sort(files)
    return sorted.toSorted((one, other) => rank(one) - rank(other))
  }
}

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 20_000,
    hookTimeout: 20_000,
    pool: 'threads',
    // Half of what the tests do is to wait for servers: one worker for each core, and none kept free.
    maxWorkers: '100%',
    sequence: { sequencer: SlowFirst },
  },
})
