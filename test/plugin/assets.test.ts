import { describe, expect, it } from 'vitest';
import { assetsIn, hoistAssets, replaceAssets } from '../../compiler/plugin/assets.ts';

const CODE = `import { a } from './a.js';
const plain = () => new URL('./kernels.wasm', import.meta.url);
const again = [new URL('./kernels.wasm', import.meta.url), new URL(
  './parts/weights.safetensors',
  import.meta.url,
)];
const other = new URL('https://example.org', import.meta.url);
`;

describe('files that a module loads', () => {
  it('are found in its text', () => {
    expect(assetsIn(CODE, '/cache/net/index.js')).toEqual([
      '/cache/net/kernels.wasm',
      '/cache/net/kernels.wasm',
      '/cache/net/parts/weights.safetensors',
    ]);
    expect(assetsIn('export {};', '/cache/net/index.js')).toEqual([]);
  });

  it('are replaced one by one', () => {
    const replaced = replaceAssets(CODE, '/cache/net/index.js', (file) => `at(${file})`);
    expect(replaced).toContain('() => at(/cache/net/kernels.wasm);');
    expect(replaced).toContain('[at(/cache/net/kernels.wasm), at(/cache/net/parts/weights.safetensors)]');
    expect(replaced).toContain("new URL('https://example.org', import.meta.url)");
  });

  it('become variables before anything runs', () => {
    const hoisted = hoistAssets(CODE, '/cache/net/index.js', (name, file) => `const ${name} = '${file}';`);
    expect(hoisted).toBe(`const cnncFile0 = '/cache/net/kernels.wasm';
const cnncFile1 = '/cache/net/parts/weights.safetensors';
import { a } from './a.js';
const plain = () => cnncFile0;
const again = [cnncFile0, cnncFile1];
const other = new URL('https://example.org', import.meta.url);
`);
  });
});
