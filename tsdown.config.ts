/**
 * The packed library, `dist/`: JavaScript, declarations and source maps. Code that a command does not need stays in files
 * that are loaded when they are first needed. Files of the compiler lie side by side: place.ts takes their folder as the
 * compiler's.
 */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'tsdown';

/** Public parts of runtime/: what programs around a generated package need in other places too. */
const RUNTIME = {
  'runtime/image': 'runtime/image.ts',
  'runtime/topK': 'runtime/topK.ts',
  'runtime/detection': 'runtime/detection.ts',
  'runtime/weights': 'runtime/weights.ts',
  'runtime/schedule': 'runtime/training/schedule.ts',
};

/**
 * Every operator adds its attributes to one interface of another module. In bundled declarations that interface stands in
 * the same file, and the module has no name any more: what is added to it becomes a plain declaration, which merges.
 */
const joinAttributes = (code: string, { fileName }: { readonly fileName: string }): string | null =>
  fileName.endsWith('.d.ts')
    ? code.replaceAll(/^declare module '[^']*types\.ts' \{\n([^]*?)^\}$/gm, '$1')
    : null;

export default defineConfig({
  entry: {
    index: 'compiler/index.ts',
    browser: 'compiler/browser.ts',
    plugin: 'compiler/plugin/index.ts',
    start: 'compiler/cli/start.ts',
    ...RUNTIME,
  },
  format: 'esm',
  target: 'es2023',
  platform: 'neutral',
  deps: { neverBundle: [/^node:/], onlyBundle: ['wabt'] },
  fixedExtension: false,
  dts: true,
  sourcemap: true,
  // The assembler is bundled. It requires `fs` where it finds Node's `process`, for files that it never reads.
  alias: { fs: fileURLToPath(new URL('test/browser/empty.js', import.meta.url)) },
  define: { __dirname: "''" },
  hash: false,
  plugins: [{ name: 'attributes-of-operators', renderChunk: joinAttributes }],
});
