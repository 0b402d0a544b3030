/** What `npm test` leaves out because it takes minutes: `npm run test:slow`. */
import { defineConfig, mergeConfig } from 'vitest/config';
import config from './vitest.config.ts';

export default mergeConfig(
  { ...config, test: { ...config.test, include: [], exclude: [] } },
  defineConfig({
    test: {
      include: ['test/**/*.slow.test.ts'],
      exclude: ['**/node_modules/**'],
      testTimeout: 600_000,
    },
  }),
);
