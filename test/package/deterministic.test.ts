/** The same model gives the same bytes: whatever the folder, the time zone, the language and the process. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { createFolders, readFolder } from '../support/folders.ts';
import { COMPILE_TIMEOUT } from '../support/packages.ts';

const newFolder = createFolders();
const path = (name: string): string => fileURLToPath(new URL(`../../${name}`, import.meta.url));

const MODEL = `
  import { defineModel } from ${JSON.stringify(path('compiler/index.ts'))};
  export default defineModel({
    name: 'same',
    inputs: { image: [1, 3, 8, 8] },
    build(net, { image }) {
      const x = net.relu(net.batchNorm('bn', net.conv2d('conv', image, { channels: 4, kernel: 3, padding: 1 })));
      return { logits: net.linear('fc', net.flatten(net.maxPool(x, { kernel: 2 })), { features: 3 }) };
    },
  });
`;

/** `cnnc compile model.ts` in a folder of its own. */
function compileIn(
  folder: string,
  flags: readonly string[],
  environment: Readonly<Record<string, string>>,
): ReadonlyMap<string, Buffer> {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'model.ts'), MODEL);
  const { PATH = '' } = process.env;
  execFileSync(
    process.execPath,
    [path('bin/cnnc.js'), 'compile', 'model.ts', '--target', 'all', '--out', 'package', ...flags],
    {
      cwd: folder,
      env: { PATH, ...environment },
      stdio: 'pipe',
    },
  );
  return readFolder(join(folder, 'package'));
}

it.each([[[]], [['--train', '--batch', '2']]])(
  'two compiles with %j write the same bytes, for every target',
  (flags) => {
    const here = compileIn(newFolder(), flags, {
      TZ: 'Pacific/Auckland',
      LANG: 'de_DE.UTF-8',
      LC_ALL: 'de_DE.UTF-8',
    });
    const there = compileIn(join(newFolder(), 'deeper', 'in'), flags, { TZ: 'America/Lima', LANG: 'C' });
    expect([...here.keys()]).toEqual([...there.keys()]);
    expect(here.size).toBeGreaterThan(40);
    for (const [name, bytes] of here) expect(bytes.equals(there.get(name)!), name).toBe(true);
  },
  COMPILE_TIMEOUT,
);
