/** Loads a generated package, as a program of a user would, and checks that it takes images. */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fail } from '../diagnostics/diagnostic.ts';
import { normalizationNames } from '../frontend/normalizations.ts';
import { statsOf } from '../host/fileErrors.ts';

export interface Ranked {
  readonly index: number;
  readonly label: string;
  readonly probability: number;
}

interface TensorInfo {
  readonly dtype: string;
  readonly shape: readonly number[];
}

/** The API of `index.js`; see compiler/package/indexModule.ts. */
interface PackageModule {
  readonly info: {
    readonly name: string;
    readonly inputs: Readonly<Record<string, TensorInfo>>;
    readonly outputs: Readonly<Record<string, TensorInfo>>;
    readonly batches?: readonly number[];
  };
  load(): Promise<PackageModel>;
  readonly preprocess?: (pixels: Uint8Array, width: number, height: number) => Float32Array;
  readonly labels?: readonly string[];
  topK(scores: Float32Array, k: number): Ranked[];
}

type Arrays = Readonly<Record<string, Float32Array>>;

interface PackageModel {
  forward(inputs: Arrays): Arrays | Promise<Arrays>;
  close(): void;
}

export interface ImagePackage {
  readonly name: string;
  /** Images in one call; the most of them if a call takes any number. */
  readonly batch: number;
  /** Whether a call takes fewer images than the batch. */
  readonly takesAny: boolean;
  /** Count of numbers in one preprocessed image. */
  readonly imageLength: number;
  /** The first output, if it is a vector of scores for each image. */
  readonly classifier: string | undefined;
  /** `image` is the file of the pixels, for an error. */
  preprocess(image: string, pixels: Uint8Array, width: number, height: number): Float32Array;
  forward(images: Float32Array): Promise<Arrays>;
  topK(scores: Float32Array, k: number): Ranked[];
  close(): void;
}

const SUBJECT = 'package';

export async function loadPackage(folder: string): Promise<ImagePackage> {
  checkPackage(folder);
  const module = await importing(folder, 'running its index.js failed', async () => {
    return (await import(pathToFileURL(resolve(folder, 'index.js')).href)) as PackageModule;
  });
  const { info, preprocess } = module;
  const [inputName, shape] = imageInput(folder, module);
  const model = await importing(folder, 'loading it failed', () => module.load());
  const [batch, ...image] = shape;
  const [output] = Object.entries(info.outputs);
  return {
    name: info.name,
    batch: info.batches?.at(-1) ?? batch!,
    takesAny: info.batches !== undefined,
    imageLength: image.reduce((size, extent) => size * extent, 1),
    classifier: output && isClassifier(output[1], module) ? output[0] : undefined,
    preprocess: (file, pixels, width, height) => {
      try {
        return preprocess!(pixels, width, height);
      } catch (error) {
        return fail('CNNC5020', 'image', { file }, messageOf(error));
      }
    },
    forward: async (images) => model.forward({ [inputName]: images }),
    topK: module.topK,
    close: () => model.close(),
  };
}

/**
 * Whether the package ranks the classes of this output: one vector of scores for each image. With as many labels, the vector
 * may be a plane of one pixel.
 */
const isClassifier = ({ shape }: TensorInfo, { labels }: PackageModule): boolean =>
  shape.length === 2 || (labels?.length === shape[1] && shape.slice(2).every((extent) => extent === 1));

/** Refuses a folder that cnnc did not write, so that its code is not run. */
export function checkPackage(folder: string): void {
  const expected = 'expected a folder that `cnnc compile` wrote';
  const stats = statsOf(folder);
  if (!stats) {
    const known = join('generated', folder);
    fail(
      'CNNC5003',
      SUBJECT,
      { file: folder },
      'the folder does not exist',
      existsSync(known) ? [`did you mean ${known}?`] : [expected],
    );
  }
  if (!stats.isDirectory()) fail('CNNC5004', SUBJECT, { file: folder }, `this is a file; ${expected}`);
  const isWhole = isMarked(join(folder, 'package.json')) || isTargetFolder(folder);
  if (!isWhole || !existsSync(join(folder, 'index.js'))) {
    fail('CNNC5004', SUBJECT, { file: folder }, `the folder is not a package of cnnc; ${expected}`);
  }
}

/** Whether the folder is that of one target, in a package that has several. */
const isTargetFolder = (folder: string): boolean =>
  existsSync(join(folder, 'layers.json')) && isMarked(join(folder, '..', 'package.json'));

function isMarked(manifest: string): boolean {
  try {
    return 'cnnc' in (JSON.parse(readFileSync(manifest, 'utf8')) as object);
  } catch {
    return false;
  }
}

function imageInput(
  folder: string,
  { info, preprocess }: PackageModule,
): [name: string, shape: readonly number[]] {
  if (!preprocess) {
    fail('CNNC5010', SUBJECT, { file: folder }, 'it has no `preprocess`, so it cannot read image files', [
      `compile it again with --preprocess ${normalizationNames.join(', ')}, or settings such as mean=0.5,std=0.5`,
      'or give the model file a `preprocess: { ... }`',
    ]);
  }
  const inputs = Object.entries(info.inputs);
  const [input] = inputs;
  if (inputs.length !== 1 || !input) {
    const names = inputs.map(([name]) => name).join(', ');
    fail(
      'CNNC5010',
      SUBJECT,
      { file: folder },
      `it takes ${inputs.length} inputs (${names}); only a package with one image input can be run on images`,
    );
  }
  return [input[0], input[1].shape];
}

export async function importing<T>(folder: string, found: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    return fail('CNNC5011', SUBJECT, { file: folder }, `${found}: ${messageOf(error)}`);
  }
}

export const messageOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n', 1)[0]!;
