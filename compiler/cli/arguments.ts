/**
 * Parsers for the values of options. Each parser gets the name of its option, so that the error for a wrong value can
 * name it.
 */
import { fail, nearest } from '../diagnostics/diagnostic.ts';
import type { BatchOption } from '../driver/batches.ts';
import { selectDisabled } from '../driver/disabledPasses.ts';
import { inlineReader, type InlineOption } from '../driver/inline.ts';
import { readPreprocess, type PreprocessSettings } from '../frontend/givenPreprocess.ts';
import { isModelName, NAME_RULE } from '../frontend/model.ts';
import { INLINE_PARTS } from '../emit/model.ts';
import type { TargetRecord } from '../emit/target.ts';
import { modelName } from '../importers/recorded/names.ts';
import { selectTargets } from '../targets/index.ts';

type Parse<T> = (text: string) => T;

const refuse = (flag: string, text: string, expected: string): never =>
  fail('CNNC4005', flag, {}, `${JSON.stringify(text)} is not ${expected}`);

/** A whole number in digits; `Number` would also accept `1e3`, `0x10` and blanks. */
export const parseWhole =
  (flag: string, least: number): Parse<number> =>
  (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : NaN;
    return Number.isSafeInteger(value) && value >= least
      ? value
      : refuse(flag, text, `a whole number from ${least}`);
  };

/** A batch, or a list of different ones: `1,8,32`. */
export const parseBatch =
  (flag: string): Parse<BatchOption> =>
  (text) => {
    const expected = 'a whole number from 1, or different ones separated by commas';
    if (!/^\d+(,\d+)*$/.test(text)) return refuse(flag, text, expected);
    const batches = text.split(',').map(parseWhole(flag, 1));
    if (new Set(batches).size < batches.length) return refuse(flag, text, expected);
    return batches.length === 1 ? batches[0]! : batches;
  };

/** One of a few names. */
export const parseChoice =
  <const T extends string>(flag: string, names: readonly T[]): Parse<T> =>
  (text) => {
    const name = names.find((known) => known === text);
    if (name !== undefined) return name;
    const near = nearest(text, names);
    const hint = near ? `; did you mean ${near}?` : '';
    return fail('CNNC4005', flag, {}, `${JSON.stringify(text)} is not one of ${names.join(', ')}${hint}`);
  };

/** The name of a package. */
export const parseName: Parse<string> = (text) =>
  isModelName(text)
    ? text
    : refuse('--name', text, `a name of ${NAME_RULE}; did you mean ${modelName(text)}?`);

/** How levels of pixels become numbers: `imagenet`, or settings. */
export const parsePreprocess: Parse<PreprocessSettings> = (text) =>
  readPreprocess(text, (found) => fail('CNNC4005', '--preprocess', {}, found));

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
};

/** A number of bytes: `64MB`, `1.5GiB`, `4000000`. */
export const parseBytes =
  (flag: string): Parse<number> =>
  (text) => {
    const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?) ?([a-z]*)$/i.exec(text) ?? [];
    const bytes = Number(number) * (UNITS[unit.toLowerCase()] ?? NaN);
    return number !== '' && bytes >= 1
      ? Math.floor(bytes)
      : refuse(flag, text, 'a size such as 64MB or 1.5GiB');
  };

export type Shapes = Readonly<Record<string, readonly number[]>>;

/** A name and a shape: `image=1x3x96x96`. The option may be repeated. */
export const parseShape =
  (flag: string) =>
  (text: string, before: Shapes = {}): Shapes => {
    const [, name, extents] = /^([A-Za-z_]\w*)=(\d+(?:x\d+)*)$/.exec(text) ?? [];
    if (name === undefined) return refuse(flag, text, 'a name and a shape, such as image=1x3x224x224');
    if (Object.hasOwn(before, name)) fail('CNNC4006', flag, {}, `the shape of ${name} is given twice`);
    return { ...before, [name]: extents!.split('x').map(Number) };
  };

const namesIn = (text: string): string[] => text.split(',').map((name) => name.trim());

/** Names of targets: `typescript,wasm`, or `all`. */
export const parseTargets =
  (flag: string): Parse<readonly TargetRecord[]> =>
  (text) =>
    selectTargets(namesIn(text), flag);

/** Parts of a package: `kernels`, `weights`, `kernels,weights`, or `all`. */
export const parseInline =
  (flag: string): Parse<InlineOption> =>
  (text) =>
    inlineReader.read(text === 'all' ? text : namesIn(text)) ??
    refuse(flag, text, `all or a list of ${INLINE_PARTS.join(', ')}`);

/** Whether the text names parts, perhaps misspelled. */
export const isLikeParts = (text: string): boolean =>
  namesIn(text).some((name) => nearest(name, [...INLINE_PARTS, 'all']) !== undefined);

/** Names of passes: `fuse,bandRows`. The option may be repeated. */
export const parsePasses =
  (flag: string) =>
  (text: string, before: readonly string[] = []): readonly string[] => [
    ...before,
    ...selectDisabled(namesIn(text), flag),
  ];
