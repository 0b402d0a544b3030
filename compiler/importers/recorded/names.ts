/**
 * Names of a model's file, which may be any text, as names here: of layers and parameters (letters, digits, `_`, `-`
 * and inner dots), of inputs and outputs (identifiers), of models.
 */

/** Dots between parts stay; `/`, `:` and the like become dots. */
function pathOf(name: string): string {
  const parts = name
    .slice(0, 200)
    .split(/[./:\\]+/)
    .map((part) => part.replace(/[^A-Za-z0-9_-]+/g, '_').replace(/^_+$/, ''))
    .filter((part) => part !== '');
  return parts.join('.');
}

/** A path that is not taken, made from the text; `conv`, then `conv_2`. */
export function claimName(taken: Set<string>, name: string, fallback = 'value'): string {
  const base = plain(pathOf(name)) || fallback;
  let path = base;
  for (let i = 2; taken.has(path); i++) path = `${base}_${i}`;
  taken.add(path);
  return path;
}

/** What a plain object has already, or JavaScript has a use for. */
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

/** An identifier that is not taken: `input.1` is `input_1`. */
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

/** A model's and a package's name: from `My Net` it is `my-net`. */
export const modelName = (text: string): string =>
  text
    .toLowerCase()
    .slice(0, 100)
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, '') || 'model';

/** `weight` of `layer1.0.conv1.weight`, `kernel:0` of `conv/kernel:0`. */
const ENDINGS = /[._/](weight|weights|kernel|bias|scale|gamma|beta|[wWbB])(_\d+|:\d+)?$/;

/** What a tensor's name says of its layer's: `layer1.0.conv1` of `layer1.0.conv1.weight`. */
export function layerOfTensor(name: string): string | undefined {
  const layer = name.replace(ENDINGS, '');
  return layer === name ? undefined : layer;
}

/** Text of the file on one line and of a length that can be read. */
export const shown = (text: string): string =>
  text
    .slice(0, 120)
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (character) => JSON.stringify(character).slice(1, -1));
