#!/usr/bin/env node
// Starts the command line. The compiler and the model files are TypeScript: tsx loads both, so that
// nothing has to be built before the first compile.
import { register } from 'tsx/esm/api';

register();
const { main } = await import('../compiler/cli/main.ts');
process.exitCode = await main(process.argv.slice(2));
