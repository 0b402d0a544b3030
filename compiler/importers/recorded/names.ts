/**
 * Turns names of a file, which may be any text, into valid names: of layers and parameters (letters, digits, `_`, `-`
 * and inner dots), of inputs and outputs (identifiers), and of models.
 */

/** Keeps dots between parts. `/`, `:` and the like become dots. */
function pathOf(name: string): string {
  const parts = name
    .slice(0, 200)
    .split(/[./:\\]+/)
    .map((part) => part.replace(/[^A-Za-z0-9_-]+/g, '_').replace(/^_+$/, ''))
    .filter((part) => part !== '');
  return parts.join('.');
}

/** Returns a free path made from the text: `conv`, then `conv_2`. */
export function claimName(taken: Set<string>, name: string, fallback = 'value'): string {
  const base = plain(pathOf(name)) || fallback;
  let path = base;
  for (let i = 2; taken.has(path); i++) path = `${base}_${i}`;
  taken.add(path);
  return path;
}

/** Names that every object has, or that JavaScript reserves. */
const RESERVED = new Set([
  ...Object.getOwnPropertyNames(Object.prototype),
  ...'arguments await break case catch class const continue debugger default delete do else enum eval'.split(
    ' ',
  ),
  ...'export extends false finally for function if implements import in instanceof interface let new'.split(
    ' ',
  ),
  ...'null package private protected public return static super switch this throw true try typeof'.split(' '),
  ...'undefined var void while with yield net prototype seed loss training out'.split(' '),
]);

const plain = (path: string): string => (RESERVED.has(path) ? path.replace(/^_+|_+$/g, '') + '_' : path);

/** Returns a free identifier: `input_1` for `input.1`. */
export function claimIdentifier(taken: Set<string>, name: string, fallback: string): string {
  const text = name
    .slice(0, 100)
    .replace(/[^A-Za-z0-9_]+/g, '_')
    .replace(/^_+|_+$/g, '');
  const base = plain(/^[A-Za-z]/.test(text) ? text : text === '' ? fallback : `${fallback}_${text}`);
  let identifier = base;
  for (let i = 2; taken.has(identifier); i++) identifier = `${base}_${i}`;
  taken.add(identifier);
  return identifier;
}

/** The name of a model and its package: `my-net` for `My Net`. */
export const modelName = (text: string): string =>
  text
    .toLowerCase()
    .slice(0, 100)
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, '') || 'model';

/** The last part of a tensor's name: `weight` in `layer1.0.conv1.weight`, `kernel:0` in `conv/kernel:0`. */
const ENDINGS = /[._/](weight|weights|kernel|bias|scale|gamma|beta|[wWbB])(_\d+|:\d+)?$/;

/** The layer's name in a tensor's name: `layer1.0.conv1` for `layer1.0.conv1.weight`. */
export function layerOfTensor(name: string): string | undefined {
  const layer = name.replace(ENDINGS, '');
  return layer === name ? undefined : layer;
}

/** Text from the file on one line, shortened to a readable length. */
export const shown = (text: string): string =>
  text
    .slice(0, 120)
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (character) => JSON.stringify(character).slice(1, -1));
