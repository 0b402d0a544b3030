/** Assets in Rollup and Rolldown: the plugin emits them, and the bundler writes their addresses for the output's format. */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { assetsIn, hoistAssets } from './assets.ts';

interface RollupContext {
  emitFile(file: { readonly type: 'asset'; readonly name: string; readonly source: Uint8Array }): string;
}

/** A hook `transform` for modules of packages. Undefined: the module loads no file. */
export function emitAssets(
  this: RollupContext,
  code: string,
  id: string,
): { readonly code: string; readonly map: null } | undefined {
  if (assetsIn(code, id).length === 0) return undefined;
  const emit = (name: string, file: string): string => {
    const reference = this.emitFile({ type: 'asset', name: basename(file), source: readFileSync(file) });
    return `const ${name} = new URL(import.meta.ROLLUP_FILE_URL_${reference});`;
  };
  return { code: hoistAssets(code, id, emit), map: null };
}
