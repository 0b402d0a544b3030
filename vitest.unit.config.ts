/** What `npm run test:unit` runs in less than a minute: kernels, operators, graphs, passes and programs. */
import { defineConfig, mergeConfig } from 'vitest/config';
import config from './vitest.config.ts';

const FOLDERS = ['kernel', 'ir', 'ops', 'passes', 'program', 'lowering', 'runtime'];

export default mergeConfig(
  { ...config, test: { ...config.test, include: [] } },
  defineConfig({
    test: { include: FOLDERS.map((folder) => `test/${folder}/**/*.test.ts`) },
  }),
);
