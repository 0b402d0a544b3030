/**
 * `generated/` is what the compiler writes today. Where it is not, the test names the files; `npm run generate`
 * writes them again.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { cnnc } from './cli/support.ts';
import { GENERATED } from './support/generated.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cnnc-generated-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const WEIGHTS = 'weights.safetensors';

/** Each file's bytes by its path; none where there is no such package. */
function readPackage(path: string, withWeights: boolean): ReadonlyMap<string, Buffer> {
  if (!existsSync(path)) return new Map();
  const entries = readdirSync(path, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const files = entries.map((entry) => join(entry.parentPath, entry.name));
  const compared = files.filter((file) => withWeights || !file.endsWith(WEIGHTS));
  return new Map(compared.map((file) => [file.slice(path.length + 1), readFileSync(file)]));
}

function differences(committed: ReadonlyMap<string, Buffer>, fresh: ReadonlyMap<string, Buffer>): string[] {
  const names = [...new Set([...committed.keys(), ...fresh.keys()])].sort();
  return names.flatMap((name) => {
    const [before, after] = [committed.get(name), fresh.get(name)];
    if (!before) return [`${name} is missing`];
    if (!after) return [`${name} is not written any more`];
    return before.equals(after) ? [] : [`${name} is stale${firstChange(before, after)}`];
  });
}

/** The first line that differs, for text. */
function firstChange(before: Buffer, after: Buffer): string {
  if (before.includes(0) || after.includes(0)) return '';
  const [old, fresh] = [before, after].map((bytes) => bytes.toString('utf8').split('\n'));
  const line = fresh!.findIndex((text, i) => text !== old![i]);
  if (line < 0) return `: it ends after line ${fresh!.length}`;
  return ` at line ${line + 1}:\n    committed ${old![line] ?? '(nothing)'}\n    compiled  ${fresh![line]}`;
}

it.each(GENERATED)(
  'generated/$name is what cnnc compile writes',
  async ({ name, args, weightsCommitted }) => {
    const out = join(folder, name);
    const { code, err } = await cnnc([...args, '--out', out]);
    expect(code, err).toBe(0);
    const fresh = readPackage(out, weightsCommitted);
    const found = differences(readPackage(join('generated', name), weightsCommitted), fresh);
    const report = ['npm run generate writes them again', ...found].join('\n  ');
    expect(found.length === 0, report).toBe(true);
  },
  120_000,
);
