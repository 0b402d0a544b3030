/** The length of the page of `examples/fine-tuning`; examples.slow.test.ts runs it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as prettier from 'prettier';
import { ts } from 'ts-morph';
import { expect, it } from 'vitest';

const FOLDER = 'examples/fine-tuning/src';

/** The numbers of the lines that hold more than comments. */
function codeLines(text: string): Set<number> {
  const source = ts.createSourceFile('page.js', text, ts.ScriptTarget.Latest, true, ts.ScriptKind.JS);
  const lines = new Set<number>();
  const visit = (node: ts.Node): void => {
    if (ts.isJSDoc(node)) return;
    if (node.getChildCount(source) > 0) return node.getChildren(source).forEach(visit);
    if (node.getWidth(source) === 0) return;
    const lineAt = (position: number): number => source.getLineAndCharacterOfPosition(position).line;
    for (let line = lineAt(node.getStart(source)); line <= lineAt(node.end); line++) lines.add(line);
  };
  visit(source);
  return lines;
}

it('counts lines of code', () => {
  expect([...codeLines('/** A\n comment. */\n\nf(`a\nb`); // more\n// only this\ng();\n')]).toEqual([
    3, 4, 6,
  ]);
});

it('the page that fine-tunes a network has at most 25 lines, broken by prettier', async () => {
  const files = readdirSync(FOLDER).sort();
  expect(files).toEqual(['main.js', 'vehicles.ts', 'worker.js']);
  const counts: number[] = [];
  for (const name of files) {
    const path = join(FOLDER, name);
    const text = readFileSync(path, 'utf8');
    expect(
      await prettier.check(text, { ...(await prettier.resolveConfig(path)), filepath: path }),
      name,
    ).toBe(true);
    counts.push(codeLines(text).size);
  }
  const [main, model, worker] = counts as [number, number, number];
  // It names a model of cnnc.
  expect(model).toBe(1);
  expect(main + worker).toBeLessThanOrEqual(25);
});
