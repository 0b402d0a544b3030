/** `npm run generate`: writes the pages of `docs/` that are written from the code, and the packages of `generated/`. */
import { writeFileSync } from 'node:fs';
import { main } from '../../compiler/cli/main.ts';
import { PAGES, textOf } from './docs/pages.ts';
import { GENERATED } from './generated.ts';

for (const page of PAGES) writeFileSync(page.file, await textOf(page));
for (const { name, args } of GENERATED) {
  process.exitCode = await main([...args, '--out', `generated/${name}`]);
  if (process.exitCode !== 0) break;
}
