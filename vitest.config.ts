import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const source = (path: string): string => fileURLToPath(new URL(`compiler/${path}`, import.meta.url));

export default defineConfig({
  // A clone is not built: its name is its sources.
  resolve: {
    alias: [
      { find: /^cnnc$/, replacement: source('index.ts') },
      { find: /^cnnc\/(browser)$/, replacement: source('$1.ts') },
      { find: /^cnnc\/(plugin)$/, replacement: source('$1/index.ts') },
    ],
  },
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
