import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 20_000,
    hookTimeout: 20_000,
    pool: 'threads',
    // Half of what the tests do is to wait for servers: one worker for each core, and none kept free.
    maxWorkers: '100%',
  },
})
