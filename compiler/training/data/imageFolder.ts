/**
 * One folder of images for each class, as in torchvision's `ImageFolder`: `DIR/train/cat/1.jpg` and
 * `DIR/val/cat/2.jpg`, or only `DIR/cat/1.jpg`. In the second case, a fifth of every class is for validation: the
 * files whose names have the smallest hashes, so every machine takes the same ones. The model's `preprocess` turns
 * images into levels u8[channels,height,width].
 */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fail, nearest, plural } from '../../diagnostics/diagnostic.ts';
import { decodeImage } from '../../host/decodeImage.ts';
import { streamOf } from '../../frontend/initialize.ts';
import type { DataSet, Examples, Extents } from '../dataset.ts';

const SUBJECT = 'folder';
const IMAGES = /\.(png|jpe?g|webp|gif|avif|tiff?|bmp)$/i;
const VALIDATION_SHARE = 0.2;
/** Limit for decoded images in memory. Images beyond it are decoded again in every epoch. */
const CACHE_BYTES = 2 ** 30;

export interface FolderSite {
  /** Extents of the model's input, which its `preprocess` produces. */
  readonly extents: Extents;
  /** Names of the model's classes, if it has any. */
  readonly labels?: readonly string[];
  /** The model's `preprocess` without normalization. */
  toLevels(file: string, pixels: Uint8Array, width: number, height: number): Uint8Array;
}

interface LabelledFile {
  readonly file: string;
  readonly label: number;
}

export function loadImageFolder(name: string, folder: string, site: FolderSite): DataSet {
  const parts = subfolders(folder);
  const validation = ['val', 'validation', 'test'].find((part) => parts.includes(part));
  const isSplit = parts.includes('train') && validation !== undefined;
  const classes = classNames(isSplit ? join(folder, 'train') : folder, site.labels);
  const list = (part: string): LabelledFile[] => listImages(join(folder, part), classes);
  const [train, held] = isSplit ? [list('train'), list(validation)] : splitByHash(list(''));
  const cache = { bytes: 0 };
  return {
    name,
    extents: site.extents,
    classes,
    train: imageExamples(train, site, cache),
    validation: imageExamples(held, site, cache),
    augmentation: { flip: true, shift: Math.round(Math.min(site.extents[1], site.extents[2]) / 8) },
  };
}

function subfolders(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => !entry.name.startsWith('.') && statSync(join(folder, entry.name)).isDirectory())
      .map(({ name }) => name)
      .sort();
  } catch (error) {
    return fail('CNNC5001', SUBJECT, { file: folder }, `cannot read the folder: ${(error as Error).message}`);
  }
}

/**
 * The names of the model's classes in its order. Without them, the names of the folders in alphabetical order. Folders of
 * ImageNet have WordNet ids instead of names; the classes have their order.
 */
function classNames(folder: string, labels: readonly string[] | undefined): readonly string[] {
  const found = subfolders(folder);
  if (found.length === 0)
    fail('CNNC6006', SUBJECT, { file: folder }, 'it has no subfolders, expected one for each class');
  if (!labels || (found.length === labels.length && found.every((name) => /^n\d{8}$/.test(name))))
    return found;
  const unknown = found.find((name) => !labels.includes(name));
  if (unknown === undefined) return labels;
  const near = nearest(unknown, labels);
  return fail(
    'CNNC6006',
    SUBJECT,
    { file: join(folder, unknown) },
    `the model has no class ${unknown}${near ? `, did you mean ${near}?` : ''}`,
    [`its labels are ${labels.slice(0, 20).join(', ')}${labels.length > 20 ? ', ...' : ''}`],
  );
}

function listImages(folder: string, classes: readonly string[]): LabelledFile[] {
  const found = subfolders(folder);
  const unknown = found.find((name) => !classes.includes(name));
  if (unknown !== undefined) {
    fail('CNNC6006', SUBJECT, { file: join(folder, unknown) }, `the class ${unknown} has no training images`);
  }
  const files = found.flatMap((name) => {
    const images = readdirSync(join(folder, name))
      .filter((file) => IMAGES.test(file))
      .sort();
    if (images.length === 0) fail('CNNC6007', SUBJECT, { file: join(folder, name) }, 'it has no images');
    return images.map((file) => ({ file: join(folder, name, file), label: classes.indexOf(name) }));
  });
  if (files.length === 0)
    fail('CNNC6006', SUBJECT, { file: folder }, 'it has no subfolders, expected one for each class');
  return files;
}

/** Splits the files. Each part has at least one image of each class. */
function splitByHash(files: readonly LabelledFile[]): [train: LabelledFile[], validation: LabelledFile[]] {
  const held = new Set<LabelledFile>();
  for (const label of new Set(files.map((file) => file.label))) {
    const own = files.filter((file) => file.label === label);
    if (own.length < 2) {
      fail(
        'CNNC6007',
        SUBJECT,
        { file: own[0]!.file },
        'it is the only image of its class, expected at least one for training and one for validation',
      );
    }
    const ranked = own.map((file) => ({ file, hash: hashOf(file.file) })).sort((a, b) => a.hash - b.hash);
    const share = Math.min(own.length - 1, Math.max(1, Math.round(own.length * VALIDATION_SHARE)));
    for (const { file } of ranked.slice(0, share)) held.add(file);
  }
  return [files.filter((file) => !held.has(file)), files.filter((file) => held.has(file))];
}

/** Hash of the class and the file's name. It does not depend on where the folder is. */
const hashOf = (file: string): number => streamOf(file.split(/[\\/]/).slice(-2).join('/'));

function imageExamples(files: readonly LabelledFile[], site: FolderSite, cache: { bytes: number }): Examples {
  const kept = new Map<number, Uint8Array>();
  const [channels, height, width] = site.extents;
  return {
    count: files.length,
    labels: Uint16Array.from(files, ({ label }) => label),
    read(index) {
      return kept.get(index) ?? decode(index);
    },
  };
  async function decode(index: number): Promise<Uint8Array> {
    const { file } = files[index]!;
    const decoded = await decodeImage(file);
    const levels = site.toLevels(file, decoded.pixels, decoded.width, decoded.height);
    if (levels.length !== channels * height * width) {
      throw new Error(`${plural(levels.length, 'level')} for an image of ${site.extents.join('x')}`);
    }
    if (cache.bytes + levels.length <= CACHE_BYTES) {
      cache.bytes += levels.length;
      kept.set(index, levels);
    }
    return levels;
  }
}
