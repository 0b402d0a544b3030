#!/usr/bin/env node
// Starts the command line. The compiler and the model files are TypeScript: tsx loads both, so that
// nothing has to be built before the first compile.
import { register as registerCommonJs } from 'tsx/cjs/api';
import { register } from 'tsx/esm/api';

// Model files in a project without "type": "module" are CommonJS to Node.
registerCommonJs();
register();
const { main } = await import('../compiler/cli/main.ts');
process.exitCode = await main(process.argv.slice(2));
