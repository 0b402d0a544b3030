/**
 * Mathematical functions in WebAssembly's text: WebAssembly has square roots, but no exponentials. Each file has one
 * function or a few; a module gets those that it uses and those that these call.
 */
import { exponential } from './exponential.ts';
import { logarithm } from './logarithm.ts';
import { power } from './power.ts';
import { remainder } from './remainder.ts';
import { tangent } from './tangent.ts';
import { trigonometry } from './trigonometry.ts';
import type { MathFunction } from './types.ts';

const FUNCTIONS: Readonly<Record<string, MathFunction>> = {
  ...exponential,
  ...logarithm,
  ...power,
  ...remainder,
  ...tangent,
  ...trigonometry,
};

/** The lines of the named functions and of those that they call, in the table's order. */
export function mathFunctions(names: ReadonlySet<string>): string[] {
  const wanted = new Set<string>();
  const want = (name: string): void => {
    const found = FUNCTIONS[name];
    if (!found) throw new Error(`there is no function ${name}`);
    if (wanted.has(name)) return;
    wanted.add(name);
    found.calls?.forEach(want);
  };
  names.forEach(want);
  const chosen = Object.entries(FUNCTIONS).filter(([name]) => wanted.has(name));
  return chosen.flatMap(([, { text }]) => [
    '',
    ...text
      .trim()
      .split('\n')
      .map((line) => `  ${line}`.trimEnd()),
  ]);
}
