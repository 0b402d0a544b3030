/** Identifiers made from names of unknown origin: model files, ONNX files, weight files. */
const RESERVED: ReadonlySet<string> = new Set(
  (
    'break case catch class const continue debugger default delete do else enum export extends false finally for function if ' +
    'import in instanceof new null return super switch this throw true try typeof var void while with yield let static ' +
    'implements interface package private protected public await async arguments eval undefined constructor prototype'
  ).split(' '),
);

/**
 * Makes an identifier from any text. The text may come from an untrusted file, and the result goes into emitted code.
 */
export function identifier(text: string, fallback = 'value'): string {
  const cleaned = text.replace(/[^A-Za-z0-9]+/g, '_').replace(/^_+|_+$/g, '');
  const named = cleaned === '' ? fallback : cleaned;
  return /^\d/.test(named) || RESERVED.has(named) ? `_${named}` : named;
}

export function uniqueIdentifier(text: string, taken: Set<string>, fallback?: string): string {
  const wanted = identifier(text, fallback);
  let name = wanted;
  for (let n = 2; taken.has(name); n++) name = `${wanted}_${n}`;
  taken.add(name);
  return name;
}
