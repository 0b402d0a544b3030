/** The texts of runtime/, from the disk. A part is named by its path there without `.ts`. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from './packageRoot.ts';

const FOLDER = join(packageRoot, 'runtime');

export const runtimeText = (part: string): string => readFileSync(join(FOLDER, `${part}.ts`), 'utf8');

/** All of them, for a page that compiles: `createHost` takes this record, which is also valid JSON. */
export function runtimeTexts(): Record<string, string> {
  const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  const parts = files.map((file) => file.replaceAll('\\', '/').slice(0, -'.ts'.length)).sort();
  return Object.fromEntries(parts.map((part) => [part, runtimeText(part)]));
}
