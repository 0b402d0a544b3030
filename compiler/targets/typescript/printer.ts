/** A kernel as an exported TypeScript function, in prettier's format as long as lines are short. */
import { ARRAYS, docComment } from '../../emit/text.ts';
import type { PrintedFunction } from '../../emit/types.ts';
import { printJavascriptBody } from '../../kernel/javascript.ts';
import type { Kernel } from '../../kernel/types.ts';

export function printKernelFunction(kernel: Kernel): PrintedFunction {
  const doc = docComment(kernel.comment);
  const parameters = [
    ...kernel.buffers.map(({ name, element }) => ({ name, type: ARRAYS[element] })),
    ...(kernel.count ? [{ name: kernel.count.name, type: 'number' }] : []),
  ];
  const typed = parameters.map(({ name, type }) => `${name}: ${type}`).join(', ');
  const untyped = parameters.map(({ name }) => name).join(', ');
  const body = [...printJavascriptBody(kernel).map((line) => `  ${line}`), '}'].join('\n');
  return {
    typescript: `${doc}export function ${kernel.name}(${typed}): void {\n${body}`,
    javascript: `${doc}export function ${kernel.name}(${untyped}) {\n${body}`,
    declaration: `${doc}export declare function ${kernel.name}(${typed}): void;`,
  };
}
