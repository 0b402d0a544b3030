/** The process of the command line, as `bin/cnnc.js` starts it. */
import { allowModelFiles } from '../host/modelLoader.ts';
import { main } from './main.ts';

export async function start(options: { readonly withTsx: boolean }): Promise<void> {
  allowModelFiles(options);
  process.exitCode = await main(process.argv.slice(2));
}
