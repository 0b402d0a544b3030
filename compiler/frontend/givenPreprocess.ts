/**
 * The option `preprocess`, for models that do not say how their input is made, such as those of ONNX files: a name of the
 * table (`imagenet`), settings as text (`mean=0.5,std=0.25,size=256`), both (`imagenet,channels=bgr`), or an object.
 */
import { nearest } from '../diagnostics/diagnostic.ts';
import { normalizationNames, NORMALIZATIONS } from './normalizations.ts';
import { checkPreprocess, fitPreprocess, type Preprocess } from './preprocess.ts';
import type { Refuse, RefuseFound } from './refuse.ts';
import { describe } from './tensor.ts';

/** Settings of `preprocess`. Width, height and channels are those of the input if they are left out. */
export type PreprocessSettings = Partial<Preprocess>;

/** A name such as `imagenet`, settings as text, or settings. */
export type PreprocessOption = string | PreprocessSettings;

export function readPreprocess(option: unknown, refuse: RefuseFound): PreprocessSettings {
  if (typeof option === 'string') return parse(option, refuse);
  if (typeof option === 'object' && option !== null && !Array.isArray(option)) return option;
  return refuse(
    `${describe(option)} is not one of ${normalizationNames.join(', ')}, and no object with settings`,
  );
}

/** `imagenet`, `mean=0.5/0.5/0.5,std=0.25`, or `bytes,channels=bgr`. */
function parse(text: string, refuse: RefuseFound): PreprocessSettings {
  const [first = '', ...rest] = text.split(',').map((part) => part.trim());
  const start = first.includes('=') ? readPart(first, refuse) : settingsOf(first, refuse);
  return rest.reduce((settings, part) => ({ ...settings, ...readPart(part, refuse) }), start);
}

function settingsOf(name: string, refuse: RefuseFound): PreprocessSettings {
  const known = normalizationNames.find((one) => one === name);
  if (known) return NORMALIZATIONS[known].settings;
  const near = nearest(name, normalizationNames);
  return refuse(
    `${JSON.stringify(name)} is not one of ${normalizationNames.join(', ')}${near ? `; did you mean ${near}?` : `, and no settings such as ${EXAMPLE}`}`,
  );
}

const EXAMPLE = 'mean=0.5/0.5/0.5,std=0.5/0.5/0.5,size=256,resize=shortSide';

function readPart(part: string, refuse: RefuseFound): PreprocessSettings {
  const [, name = '', value = ''] = /^(\w+)=(.+)$/.exec(part) ?? [];
  const read = Object.hasOwn(SETTINGS, name) ? SETTINGS[name] : undefined;
  if (read)
    return read(value, (expected) => refuse(`${name} is ${JSON.stringify(value)}, expected ${expected}`));
  return refuse(
    `${JSON.stringify(part)} is not a setting, expected ${Object.keys(SETTINGS).join(', ')}, as in ${EXAMPLE}`,
  );
}

type ReadSetting = (text: string, refuse: (expected: string) => never) => PreprocessSettings;

const SETTINGS: Readonly<Record<string, ReadSetting>> = {
  mean: (text, refuse) => ({ mean: readNumbers(text, refuse) }),
  std: (text, refuse) => ({ std: readNumbers(text, refuse) }),
  scale: (text, refuse) => ({ scale: readNumber(text) ?? refuse('a number, such as 1 or 0.00392157') }),
  // The side that is meant, whatever the input's size: it no longer grows with the input.
  size: (text, refuse) => ({
    ...{ width: undefined, height: undefined },
    shortSide: readNumber(text) ?? refuse('the length of the shorter side in pixels'),
  }),
  resize: (text, refuse) => ({
    resize: oneOf(['shortSide', 'stretch', 'none'], text) ?? refuse('shortSide, stretch or none'),
  }),
  channels: (text, refuse) => ({
    channels: oneOf(['rgb', 'bgr', 'gray'], text) ?? refuse('rgb, bgr or gray'),
  }),
  invert: (text, refuse) => ({
    invert: oneOf(['true', 'false'], text) === undefined ? refuse('true or false') : text === 'true',
  }),
};

const oneOf = <const T extends string>(words: readonly T[], text: string): T | undefined =>
  words.find((word) => word === text);

/** A number in digits; `Number` would also accept blanks and `0x10`. */
const readNumber = (text: string): number | undefined =>
  /^-?\d*\.?\d+(e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined;

function readNumbers(text: string, refuse: (expected: string) => never): readonly number[] {
  const numbers = text.split('/').map(readNumber);
  const isComplete = numbers.every((number) => number !== undefined);
  return isComplete ? numbers : refuse('one number, or one for each plane with / between them');
}

/** The settings for an input of this shape, [N, C, H, W], complete and checked. */
export function completePreprocess(
  settings: PreprocessSettings,
  input: readonly number[],
  refuse: Refuse,
): Preprocess {
  if (isChannelsLast(input)) refuseChannelsLast(input, refuse);
  const [, planes, height, width] = input as readonly [number, number, number, number];
  const {
    channels = planes === 1 ? 'gray' : 'rgb',
    resize = 'shortSide',
    shortSide,
    mean,
    std,
    ...rest
  } = settings;
  const complete = {
    ...{ ...rest, width: settings.width ?? width, height: settings.height ?? height, channels, resize },
    ...(shortSide !== undefined && resize === 'shortSide' && { shortSide }),
    ...(mean && { mean: forPlanes(mean, planes) }),
    ...(std && { std: forPlanes(std, planes) }),
  };
  const fitted = fitPreprocess(complete, height, width);
  checkPreprocess(fitted, input, refuse);
  return fitted;
}

const forPlanes = (numbers: readonly number[], planes: number): readonly number[] =>
  numbers.length === 1 ? Array.from({ length: planes }, () => numbers[0]!) : numbers;

const isPlanes = (extent: number | undefined): boolean => extent === 1 || extent === 3;

const isChannelsLast = ([, first, , last]: readonly number[]): boolean => !isPlanes(first) && isPlanes(last);

const refuseChannelsLast = (input: readonly number[], refuse: Refuse): never =>
  refuse(
    'CNNC1012',
    `preprocess: it makes [N,C,H,W], and the input is [${input.join(',')}], with the channels last`,
    [
      'export the model with the channels first, or make its input in your program',
      "`preprocess` of 'cnnc/runtime/image' returns [C,H,W], of which a program makes [H,W,C]",
    ],
  );
