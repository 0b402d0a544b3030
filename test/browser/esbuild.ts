/** esbuild, which is installed with tsx. */
import { createRequire } from 'node:module';

interface Esbuild {
  build(options: Readonly<Record<string, unknown>>): Promise<Built>;
}

/** esbuild's result with `metafile: true`. */
export interface Built {
  /** The inputs by their paths. */
  readonly metafile: { readonly inputs: Readonly<Record<string, { readonly imports: readonly Imported[] }>> };
}

interface Imported {
  readonly path: string;
  readonly kind: string;
  readonly external?: boolean;
}

export const esbuild = createRequire(createRequire(import.meta.url).resolve('tsx'))('esbuild') as Esbuild;
