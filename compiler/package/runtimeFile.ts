/**
 * `runtime.ts` of a package: the parts of runtime/ that its module uses, one behind the other. The parts
 * import nothing, so joining their text is all there is to do.
 */
import { readFileSync } from 'node:fs';

export type RuntimePart = 'check' | 'image' | 'topK' | 'weights';

export function runtimeFile(parts: readonly RuntimePart[]): string {
  return (
    parts
      .map((part) => readFileSync(new URL(`../../runtime/${part}.ts`, import.meta.url), 'utf8').trim())
      .join('\n\n') + '\n'
  );
}
