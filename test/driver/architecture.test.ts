/** The stages of a layer that ARCHITECTURE.md shows are those of the compiler. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { compile } from '../../compiler/index.ts';
import { targetNames } from '../../compiler/targets/index.ts';
import lenet5 from '../../models/lenet5.ts';

const SECTION = '## One layer, stage by stage';

/** The section's blocks of code, each cut where `...` stands for lines left out. */
function shownBlocks(): readonly (readonly string[])[] {
  const text = readFileSync(new URL('../../ARCHITECTURE.md', import.meta.url), 'utf8');
  const section = text.slice(text.indexOf(SECTION) + SECTION.length).split('\n## ')[0]!;
  return [...section.matchAll(/^```\n(.*?)^```/gms)].map(([, block]) => block!.split(/^ *\.\.\.\n/m));
}

/** Everything that `--dump-ir` writes, in its order. */
async function dumpOfLenet(): Promise<string> {
  const texts: string[] = [];
  await compile(lenet5, { targets: targetNames, onDump: ({ text }) => texts.push(text) });
  return texts.join('\n');
}

it('shows the stages of a layer as the compiler dumps them', async () => {
  const dump = await dumpOfLenet();
  const blocks = shownBlocks();
  expect(blocks).toHaveLength(8);
  expect(blocks.flat().filter((run) => !dump.includes(run))).toEqual([]);
});
