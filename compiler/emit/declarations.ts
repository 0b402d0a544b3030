/**
 * Declarations of emitted modules as source text. Each piece ends with a line break. Line breaks and indentation within
 * it do not matter, because prettier formats the whole file afterwards.
 */
import { docComment } from './text.ts';

/** An import; names are written as in TypeScript: `x`, `x as y`, `type T`. */
export interface ImportText {
  readonly from: string;
  readonly names: readonly string[];
  readonly isTypeOnly?: boolean;
}

export interface FieldText {
  readonly name: string;
  readonly type: string;
  readonly doc: string;
}

/** The pieces of a module, with an empty line between two of them. Empty pieces are left out. */
export const moduleSource = (...pieces: readonly string[]): string =>
  pieces.filter((piece) => piece !== '').join('\n');

/** All imports as one piece. An import without names is left out. */
export const importsSource = (imports: readonly ImportText[]): string =>
  imports
    .filter(({ names }) => names.length > 0)
    .map(
      ({ from, names, isTypeOnly }) =>
        `import ${isTypeOnly ? 'type ' : ''}{ ${names.join(', ')} } from '${from}';\n`,
    )
    .join('');

/** A line, such as a field, with its doc comment above it. */
export const documented = (doc: string, line: string): string => `${docComment([doc])}${line}`;

export const interfaceSource = (
  name: string,
  fields: readonly FieldText[],
  doc: readonly string[] = [],
): string => {
  const lines = fields.map((field) => documented(field.doc, `readonly ${field.name}: ${field.type};`));
  return `${docComment(doc)}export interface ${name} ${block(lines)}\n`;
};

/** A constant of this name; `lines` are its members. */
export const recordSource = (name: string, doc: readonly string[], lines: readonly string[]): string =>
  `${docComment(doc)}export const ${name} = ${block(lines)} as const;\n`;

/** A function. `head` is everything before the body: `export function load(): Model`. */
export const functionSource = (head: string, doc: readonly string[], body: readonly string[]): string =>
  `${docComment(doc)}${head} ${block(body)}\n`;

/** The lines of a body, an object or an interface in braces. */
export const block = (lines: readonly string[]): string => `{\n${lines.join('\n')}\n}`;

/** An array. Each entry has its comma and gets a line. */
export const list = (entries: readonly string[]): string => `[\n${entries.join('\n')}\n]`;
