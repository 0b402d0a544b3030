/** esbuild, which tsx brings along. */
import { createRequire } from 'node:module';

interface Esbuild {
  build(options: Readonly<Record<string, unknown>>): Promise<Built>;
}

/** With `metafile: true`. */
export interface Built {
  /** By the files' paths. */
  readonly metafile: { readonly inputs: Readonly<Record<string, { readonly imports: readonly Imported[] }>> };
}

interface Imported {
  readonly path: string;
  readonly kind: string;
  readonly external?: boolean;
}

export const esbuild = createRequire(createRequire(import.meta.url).resolve('tsx'))('esbuild') as Esbuild;
