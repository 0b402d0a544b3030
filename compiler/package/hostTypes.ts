/**
 * Types of the host that declarations of packages name. TypeScript knows them only together with those of a page or of
 * Node.js. A declaration file that names one declares the part of it that is used, so it needs no other types.
 */
const PARTS: Readonly<Record<string, string>> = {
  URL: `interface URL {
  readonly href: string;
}`,
  Response: `interface Response {
  readonly status: number;
  arrayBuffer(): Promise<ArrayBuffer>;
}`,
  WebAssembly: `declare namespace WebAssembly {
  interface Memory {
    readonly buffer: ArrayBuffer;
  }
  type Module = object;
  type Exports = Readonly<Record<string, unknown>>;
}`,
};

const COMMENT = /\/\*[^]*?\*\/|\/\/.*$/gm;

/** The declarations, completed by the types of the host that they name. */
export function withHostTypes(declarations: string): string {
  const code = declarations.replace(COMMENT, '');
  const named = Object.keys(PARTS).filter((name) => new RegExp(`\\b${name}\\b`).test(code));
  if (named.length === 0) return declarations;
  const parts = named.map((name) => `${PARTS[name]}\n`).join('');
  return `${declarations}// The parts of the host's types that are used here.\n${parts}`;
}
