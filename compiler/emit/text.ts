/** Parts of emitted TypeScript that are the same for all targets: comments, and the types of arrays. */
import type { ElementType } from '../kernel/types.ts';

export const ARRAYS: Readonly<Record<ElementType, string>> = {
  f32: 'Float32Array',
  i32: 'Int32Array',
  u32: 'Uint32Array',
};

/** Text for a comment: no name of a layer can end the comment early. */
export const commentText = (text: string): string =>
  text.replace(/\*\//g, '* /').replace(/[\r\n\u2028\u2029]+/g, ' ');

/** A doc comment, on one line if it has only one. */
export function docComment(lines: readonly string[]): string {
  const [first, ...rest] = lines.map(commentText);
  if (first === undefined) return '';
  return rest.length === 0
    ? `/** ${first} */\n`
    : ['/**', ...[first, ...rest].map((line) => ` * ${line}`), ' */', ''].join('\n');
}
