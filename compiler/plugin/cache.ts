/**
 * Packages on disk. A package lies in a folder whose name ends in a hash of everything that it was made of, so its files
 * never change. For each model with its options a record names the last packages and the contents of the files that they
 * were made of; one whose files are what they were is used again. Older packages are removed.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { PackageFiles } from '../emit/model.ts';
import { writePackage } from '../host/writePackage.ts';
import { fromRoot } from './requests.ts';

/** A model with its options, in one folder of packages. */
export interface Place {
  readonly root: string;
  readonly folder: string;
  /** Begins the names of files: the model file's, without its extension. */
  readonly name: string;
  /** A hash of what it is made from, apart from the contents of files. */
  readonly key: string;
}

export interface Found {
  readonly folder: string;
  /** What it was made of. */
  readonly files: readonly string[];
}

interface Entry {
  /** The folder's name. */
  readonly package: string;
  /** Hashes by path from the root. */
  readonly files: Readonly<Record<string, string>>;
}

/** The newest, and the one before, which an undone edit takes again and an open page may still load. */
const KEPT = 2;

export const hashOf = (contents: string | Uint8Array): string =>
  createHash('sha256').update(contents).digest('hex').slice(0, 16);

export function findPackage(place: Place): Found | undefined {
  const entry = readRecord(place).find((one) => isCurrent(place, one));
  return entry && { folder: join(place.folder, entry.package), files: pathsOf(place, entry) };
}

const pathsOf = ({ root }: Place, { files }: Entry): string[] =>
  Object.keys(files).map((path) => resolve(root, path));

const isCurrent = (place: Place, entry: Entry): boolean =>
  existsSync(join(place.folder, entry.package, 'package.json')) &&
  Object.entries(entry.files).every(([path, hash]) => fileHash(resolve(place.root, path)) === hash);

/** `hashes` are those of the files as they were read. */
export function storePackage(place: Place, hashes: ReadonlyMap<string, string>, files: PackageFiles): Found {
  const ofRoot = Object.fromEntries([...hashes].map(([file, hash]) => [fromRoot(place.root, file), hash]));
  const name = `${shortName(place)}-${hashOf(JSON.stringify([place.key, ofRoot]))}`;
  const folder = join(place.folder, name);
  writeOnce(folder, files);
  const entries = [
    { package: name, files: ofRoot },
    ...readRecord(place).filter((one) => one.package !== name),
  ];
  for (const { package: old } of entries.splice(KEPT))
    rmSync(join(place.folder, old), { recursive: true, force: true });
  writeFileSync(recordFile(place), `${JSON.stringify({ entries }, undefined, 2)}\n`);
  return { folder, files: [...hashes.keys()] };
}

/** Another process may write the same package: the first that is done wins. */
function writeOnce(folder: string, files: PackageFiles): void {
  if (existsSync(folder)) return;
  const own = join(dirname(folder), `.${process.pid}`, 'package');
  mkdirSync(dirname(own), { recursive: true });
  writePackage(own, files);
  try {
    renameSync(own, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
  } finally {
    rmSync(dirname(own), { recursive: true, force: true });
  }
}

/** Short enough for a file system even with a hash after it. */
const shortName = ({ name }: Place): string => name.slice(0, 50);

const recordFile = (place: Place): string => join(place.folder, `${shortName(place)}-${place.key}.json`);

/** None where the file is missing or is not ours. */
function readRecord(place: Place): readonly Entry[] {
  try {
    const { entries } = JSON.parse(readFileSync(recordFile(place), 'utf8')) as { entries?: unknown };
    return Array.isArray(entries) ? (entries as Entry[]) : [];
  } catch {
    return [];
  }
}

interface Stamped {
  readonly stamp: string;
  readonly hash: string;
}

const stamped = new Map<string, Stamped>();

/** Weights are large: a file is read again only when its size or time has changed. Empty where there is no file. */
export function fileHash(file: string): string {
  const stats = statSync(file, { throwIfNoEntry: false });
  if (!stats?.isFile()) return '';
  const stamp = `${stats.size} ${stats.mtimeMs} ${stats.ino}`;
  const known = stamped.get(file);
  if (known?.stamp === stamp) return known.hash;
  const hash = hashOf(readFileSync(file));
  stamped.set(file, { stamp, hash });
  return hash;
}

/** The folder beside the nearest package.json where build tools keep what they can make again. */
export function defaultFolder(root: string): string {
  const withPackage = (folder: string): string | undefined => {
    if (existsSync(join(folder, 'package.json'))) return folder;
    return dirname(folder) === folder ? undefined : withPackage(dirname(folder));
  };
  return join(withPackage(root) ?? root, 'node_modules', '.cache', 'cnnc');
}
