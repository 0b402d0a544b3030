/** A kernel as an exported TypeScript function, as prettier would write it while its lines are short. */
import { printJavascriptBody } from '../../kernel/javascript.ts';
import type { ElementType, Kernel } from '../../kernel/types.ts';

export const ARRAYS: Readonly<Record<ElementType, string>> = {
  f32: 'Float32Array',
  i32: 'Int32Array',
  u32: 'Uint32Array',
};

/** A comment must not end early, whatever a layer is called. */
export const commentText = (text: string): string =>
  text.replace(/\*\//g, '* /').replace(/[\r\n\u2028\u2029]+/g, ' ');

/** A doc comment; one line where it fits. */
export function docComment(lines: readonly string[]): string {
  const [first, ...rest] = lines.map(commentText);
  if (first === undefined) return '';
  return rest.length === 0
    ? `/** ${first} */\n`
    : ['/**', ...[first, ...rest].map((line) => ` * ${line}`), ' */', ''].join('\n');
}

export function printKernelFunction(kernel: Kernel): string {
  const parameters = kernel.buffers.map(({ name, element }) => `${name}: ${ARRAYS[element]}`).join(', ');
  return [
    `${docComment(kernel.comment)}export function ${kernel.name}(${parameters}): void {`,
    ...printJavascriptBody(kernel).map((line) => `  ${line}`),
    '}',
  ].join('\n');
}
