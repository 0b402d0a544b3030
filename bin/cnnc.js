#!/usr/bin/env node
// Starts the command line. An installed package has it in dist/. A clone has the sources: tsx loads them, so that
// nothing has to be built before the first compile.
import { existsSync } from 'node:fs';

const source = new URL('../compiler/cli/start.ts', import.meta.url);
if (existsSync(source)) {
  const [esm, commonJs] = await Promise.all([import('tsx/esm/api'), import('tsx/cjs/api')]);
  commonJs.register();
  esm.register();
  const { start } = await import(source.href);
  await start({ withTsx: false });
} else {
  const { start } = await import('../dist/start.js');
  await start({ withTsx: true });
}
