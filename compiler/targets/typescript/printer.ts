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

/** The same function in the three files of a module. */
export interface PrintedFunction {
  readonly typescript: string;
  readonly javascript: string;
  readonly declaration: string;
}

export function printKernelFunction(kernel: Kernel): PrintedFunction {
  const doc = docComment(kernel.comment);
  const typed = kernel.buffers.map(({ name, element }) => `${name}: ${ARRAYS[element]}`).join(', ');
  const untyped = kernel.buffers.map(({ name }) => name).join(', ');
  const body = [...printJavascriptBody(kernel).map((line) => `  ${line}`), '}'].join('\n');
  return {
    typescript: `${doc}export function ${kernel.name}(${typed}): void {\n${body}`,
    javascript: `${doc}export function ${kernel.name}(${untyped}) {\n${body}`,
    declaration: `${doc}export declare function ${kernel.name}(${typed}): void;`,
  };
}
