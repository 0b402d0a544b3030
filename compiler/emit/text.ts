/** Words of emitted TypeScript that every target spells alike: comments, and the types of arrays. */
import type { ElementType } from '../kernel/types.ts';

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
