/**
 * The packed library, `dist/`: JavaScript, declarations and source maps. Code that a command does not need stays in files
 * that are loaded when they are first needed. Files of the compiler lie side by side: place.ts takes their folder as the
 * compiler's.
 */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'tsdown';
import { opNames } from './compiler/ops/index.ts';

/** Public parts of runtime/: what programs around a generated package need in other places too. */
const RUNTIME = {
  'runtime/image': 'runtime/image.ts',
  'runtime/topK': 'runtime/topK.ts',
  'runtime/detection': 'runtime/detection.ts',
  'runtime/weights': 'runtime/weights.ts',
  'runtime/schedule': 'runtime/training/schedule.ts',
};

/**
 * Every operator adds its attributes to the interface `Attrs` of another module. The bundled declarations hold that
 * interface, the additions of its own file, and no others. The additions become a plain declaration, which merges, and the
 * other operators are added by their names, so that `node.op === 'conv2d'` is right in a user's program.
 */
function joinAttributes(code: string, { fileName }: { readonly fileName: string }): string | null {
  if (!fileName.endsWith('.d.ts') || !code.includes('interface Attrs {}')) return null;
  const joined = code.replaceAll(/^declare module '[^']*types\.ts' \{\n([^]*?)^\}$/gm, '$1');
  const others = opNames.filter((name) => !new RegExp(`^    ${name}: `, 'm').test(joined));
  const entries = others.map((name) => `  ${name}: Readonly<Record<string, unknown>>;\n`);
  return joined.replace('interface Attrs {}', `interface Attrs {\n${entries.join('')}}`);
}

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
  // wabt is bundled. It reads no files.
  alias: { fs: fileURLToPath(new URL('compiler/host/browser/noFiles.js', import.meta.url)) },
  define: { __dirname: "''" },
  hash: false,
  plugins: [{ name: 'attributes-of-operators', renderChunk: joinAttributes }],
});
