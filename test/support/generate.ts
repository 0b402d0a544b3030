/** npm run generate: compiles every package of `generated/` again. */
import { main } from '../../compiler/cli/main.ts';
import { GENERATED } from './generated.ts';

for (const { name, args } of GENERATED) {
  process.exitCode = await main([...args, '--out', `generated/${name}`]);
  if (process.exitCode !== 0) break;
}
