/** A bundler for browsers accepts the compiler as it is, and nothing in the bundle needs Node. */
import { describe, expect, it } from 'vitest';
import { bundleCompiler } from '../browser/compilerBundle.ts';

/** The imports that stay in the bundle, each with the file that has it. */
async function importsLeft(entry?: string): Promise<string[]> {
  const { metafile } = await bundleCompiler('bundle', { write: false, entry });
  return Object.entries(metafile.inputs).flatMap(([file, { imports }]) =>
    imports
      .filter(({ external, path }) => external && path !== '<runtime>')
      .map(({ path, kind }) => `${kind} of ${path} in ${file.replace(/^.*node_modules\//, '')}`),
  );
}

describe('a bundle of the compiler', () => {
  it('imports nothing of Node, but for one package that asks where it is', async () => {
    expect((await importsLeft()).sort()).toEqual([
      // Inside of a condition that is false in a page.
      'require-call of perf_hooks in @ts-morph/common/dist/typescript.js',
    ]);
  });

  it("is not made where a module of Node's is needed", async () => {
    const entry = `import { readFileSync } from 'node:fs'; readFileSync('x');`;
    await expect(importsLeft(entry)).rejects.toThrow('Could not resolve "node:fs"');
    await expect(importsLeft(`export * from './compiler/index.ts';`)).rejects.toThrow(
      'Could not resolve "node:',
    );
  });
});
