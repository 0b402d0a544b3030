/** Graphs as text: a name is given once, above the lines that use it. */
import { describe, expect, it } from 'vitest';
import { buildGraph } from 'cnnc';
import { passesFor } from '../../compiler/passes/index.ts';
import { runPasses } from '../../compiler/passes/run.ts';
import { printGraph } from '../../compiler/ir/printer.ts';
import { zooModel } from '../support/models.ts';

/** `%7.1 = conv2d(x, weight) {...}  f32[...]`, and the names of a fusion's operands by its own name. */
function readListing(text: string) {
  const lines = text.split('\n').flatMap((line) => {
    const [, name, op, operands = ''] = /^ +(%[\d.]+) = (\w+)(?:\((.*?)\))?/.exec(line) ?? [];
    return name === undefined ? [] : [{ name, op: op!, operands: operands.split(', ').filter(Boolean) }];
  });
  return { lines, names: lines.map(({ name }) => name) };
}

describe.each(['resnet20', 'mobilenetv2', 'densenet121'])('the listing of %s', (net) => {
  const graph = async () =>
    runPasses(buildGraph(await zooModel(net), { training: false }), passesFor('inference'));

  it('gives each name one meaning', async () => {
    const { lines, names } = readListing(printGraph(await graph()));
    expect(names.filter((name) => name.includes('.')).length).toBeGreaterThan(10);
    expect(new Set(names).size).toBe(names.length);
    const known = new Set<string>();
    for (const { name, op, operands } of lines) {
      const values = operands.map((operand) => (op === 'fusion' ? operand.split(': ') : [operand]));
      if (op === 'fusion') values.forEach(([own]) => known.add(`${name} ${own}`));
      for (const value of values.map((parts) => parts.at(-1)!)) {
        const [fusion] = name.split('.');
        expect(known.has(value) || known.has(`${fusion} ${value}`), `${value} in ${name}`).toBe(true);
      }
      known.add(name);
    }
  });

  it('ends each fusion with its value, of its type', async () => {
    const text = printGraph(await graph(), { origins: false });
    const typeOf = (line: string) => line.split('  ').at(-1);
    const lines = text.split('\n').map((line) => line.trim());
    const fusions = lines.filter((line) => / = fusion\(/.test(line));
    expect(fusions.length).toBeGreaterThan(5);
    for (const fusion of fusions) {
      const steps = lines.filter((line) => line.startsWith(`${fusion.split(' ')[0]}.`));
      expect(typeOf(steps.at(-1)!)).toBe(typeOf(fusion));
    }
  });
});
