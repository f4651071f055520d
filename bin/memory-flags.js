/**
 * A server that runs for days need not be fast in its first second: with its young generation left to itself, V8 takes
 * some 70 MB more for it. Only a flag at the start limits it.
 */
export const memoryFlags = ['--max-semi-space-size=8']
