/** README.md is true about models and the command line: numbers and flags are read from its tables. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Model } from 'cnnc';
import { buildGraph } from '../compiler/frontend/buildGraph.ts';
import { sizeOf } from '../compiler/ir/types.ts';
import { lower } from '../compiler/lowering/lower.ts';
import { passesFor } from '../compiler/passes/index.ts';
import { runPasses } from '../compiler/passes/run.ts';
import { formatBytes, formatCount } from '../compiler/program/bytes.ts';
import { runCalls } from '../compiler/program/liveness.ts';
import { planMemory } from '../compiler/program/memoryPlan.ts';
import { typescriptTarget } from '../compiler/targets/typescript/target.ts';
import { cnnc } from './cli/support.ts';
import { modelFile, modelNames } from './support/models.ts';

const readme = readFileSync('README.md', 'utf8');

/** Cells of the rows that name a model file: `[model, link, input, parameters, multiply-adds, arena]`. */
const rows = readme
  .split('\n')
  .filter((line) => line.includes('](models/') && line.startsWith('|'))
  .map((line) => line.split('|').slice(1, -1))
  .map((cells) => cells.map((cell) => cell.trim()));

describe('the table of models', () => {
  it('has a row for every model, with a link to its file', () => {
    const links = rows.map(([, link]) => link!);
    expect(links.sort()).toEqual(modelNames.map((name) => `[\`${name}\`](${modelFile(name)})`).sort());
  });

  it.each(rows)('%s', async (_, link, input, parameters, multiplyAdds, arena) => {
    const [, file] = /\]\((models\/.*\.ts)\)$/.exec(link)!;
    const { default: model } = (await import(join(process.cwd(), file!))) as { default: Model };
    const source = buildGraph(model, { training: false });
    const learned = source.nodes.filter((node) => node.op === 'parameter' && node.attrs.role === 'weight');
    const program = lower(runPasses(source, passesFor('inference')), typescriptTarget);
    const calls = runCalls(program);
    const count = (numbers: readonly number[]) => numbers.reduce((sum, number) => sum + number, 0);
    expect({ input, parameters, multiplyAdds, arena }).toEqual({
      input: Object.values(model.inputs)[0]!.shape.slice(1).join('x'),
      parameters: count(learned.map(({ type }) => sizeOf(type.shape))).toLocaleString('en-US'),
      multiplyAdds: formatCount(count(calls.map((call) => call.multiplyAdds))),
      arena: formatBytes(planMemory(program).arenaBytes),
    });
  });
});

describe('the command line', () => {
  it.each(['compile', 'run', 'bench', 'train'])('lists flags of cnnc %s that exist', async (command) => {
    const [, section = ''] =
      new RegExp(`\\ncnnc ${command} [^\\n]*\\n((?: {2}--[^\\n]*\\n)+)`).exec(readme) ?? [];
    const listed = [...section.matchAll(/^ {2}(--[\w-]+)/gm)].map(([, flag]) => flag);
    expect(listed.length).toBeGreaterThan(0);
    const { out } = await cnnc([command, '--help']);
    const known = [...out.matchAll(/^ {2}(?:-\w, )?(--[\w-]+)/gm)].map(([, flag]) => flag);
    expect(listed.filter((flag) => !known.includes(flag))).toEqual([]);
  });
});

describe('the model of your own', () => {
  const [, source = ''] = /```ts\n(\/\/ models\/tiny\.ts\n[^]*?)```/.exec(readme) ?? [];
  const [, diagnosis = ''] = /\n```\n(error CNNC\d{4}: conv2d at [^]*?)```/.exec(readme) ?? [];

  it('compiles, and is diagnosed as it says', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'cnnc-readme-'));
    const compile = (name: string, text: string) => {
      const file = join(mkdirSync(join(folder, name), { recursive: true })!, 'tiny.ts');
      writeFileSync(file, text.replace("'cnnc'", `'${process.cwd()}/compiler/index.ts'`));
      return cnnc(['compile', file, '--out', join(folder, 'out', name)]);
    };
    try {
      const good = await compile('good', source);
      expect([good.code, good.out], good.err).toEqual([0, expect.stringMatching(/^tiny -> /)]);
      const bad = await compile('bad', source.replace('kernel: 3', 'kernel: 35'));
      const place = /\([^()]*tiny\.ts:10\)/;
      expect([bad.code, bad.err]).toEqual([1, expect.stringMatching(place)]);
      expect(bad.err.replace(place, '(models/tiny.ts:10)')).toContain(`\n${diagnosis}`);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
