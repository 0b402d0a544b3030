import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['**/node_modules/**', 'test/bench/**', '**/*.slow.test.ts'],
    // Places of models are named from here, as the command line names them.
    setupFiles: ['compiler/host/workingFolder.ts', 'test/support/runtimeFolder.ts'],
    // Dawn reads VK_DRIVER_FILES from a process's environment: inside a worker thread it has no effect.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
  },
});
