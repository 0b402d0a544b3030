/**
 * Stores for runs of `fit`: IndexedDB in pages and workers, a file in Node. Both keep one run, as a whole or not at
 * all.
 */
import type { FitStore, SavedFit } from './types.ts';

/** The part of IndexedDB that is used, so that this type-checks without the types of browsers. */
interface BrowserDatabases {
  open(name: string, version: number): DatabaseOpening;
}

interface DatabaseRequest<T> {
  readonly result: T;
  readonly error: Error | null;
  onsuccess: (() => void) | null;
  onerror: (() => void) | null;
}

interface DatabaseOpening extends DatabaseRequest<Database> {
  onupgradeneeded: (() => void) | null;
}

interface Database {
  createObjectStore(name: string): unknown;
  transaction(name: string, mode: 'readonly' | 'readwrite'): DatabaseTransaction;
  close(): void;
}

interface DatabaseTransaction {
  readonly error: Error | null;
  oncomplete: (() => void) | null;
  onabort: (() => void) | null;
  objectStore(name: string): {
    get(key: string): DatabaseRequest<unknown>;
    put(value: unknown, key: string): unknown;
    delete(key: string): unknown;
  };
}

/** The name of the object store in the database, and the key of the run in it. */
const RUNS = 'runs';

/** A store in IndexedDB. `name` is the name of the database. */
export function indexedDbStore(name: string): FitStore {
  return {
    load: () => withDatabase(name, 'readonly', (runs) => runs.get(RUNS)) as Promise<SavedFit | undefined>,
    save: async (saved) => void (await withDatabase(name, 'readwrite', (runs) => runs.put(saved, RUNS))),
    clear: async () => void (await withDatabase(name, 'readwrite', (runs) => runs.delete(RUNS))),
  };
}

/** Runs one transaction. Resolves with the result of its request when all of it is done. */
async function withDatabase(
  name: string,
  mode: 'readonly' | 'readwrite',
  request: (runs: ReturnType<DatabaseTransaction['objectStore']>) => unknown,
): Promise<unknown> {
  const database = await openDatabase(name);
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(RUNS, mode);
      const made = request(transaction.objectStore(RUNS)) as DatabaseRequest<unknown>;
      transaction.oncomplete = () => resolve(made.result);
      transaction.onabort = () => reject(storeError(name, transaction.error));
    });
  } finally {
    database.close();
  }
}

function openDatabase(name: string): Promise<Database> {
  const { indexedDB: databases } = globalThis as unknown as { readonly indexedDB?: BrowserDatabases };
  if (!databases) throw new Error(`indexedDbStore: this host has no IndexedDB; Node has fileStore`);
  return new Promise((resolve, reject) => {
    const opening = databases.open(name, 1);
    opening.onupgradeneeded = () => void opening.result.createObjectStore(RUNS);
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(storeError(name, opening.error));
  });
}

const storeError = (name: string, error: Error | null): Error =>
  new Error(`indexedDbStore: cannot use the database ${name}: ${error?.message ?? 'unknown error'}`, {
    cause: error,
  });

/** The part of `node:fs/promises` that is used. */
interface StoreFiles {
  readFile(path: string): Promise<Uint8Array>;
  writeFile(path: string, bytes: Uint8Array): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  rm(path: string, options: { readonly force: boolean }): Promise<void>;
}

async function storeFiles(): Promise<StoreFiles> {
  // Joined at run time and marked, so that bundlers do not try to resolve it for browsers.
  const specifier = ['node:fs', 'promises'].join('/');
  return (await import(/* @vite-ignore */ /* webpackIgnore: true */ specifier)) as StoreFiles;
}

/** A store in one file. A save writes another file first and then renames it. */
export function fileStore(path: string): FitStore {
  return {
    async load() {
      const files = await storeFiles();
      const bytes = await files.readFile(path).catch((error: { readonly code?: string }) => {
        if (error.code === 'ENOENT') return undefined;
        throw error;
      });
      return bytes && readSaved(path, new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length));
    },
    async save(saved) {
      const files = await storeFiles();
      await files.writeFile(`${path}.partial`, savedBytes(saved));
      await files.rename(`${path}.partial`, path);
    },
    async clear() {
      await (await storeFiles()).rm(path, { force: true });
    },
  };
}

/**
 * The file: `CNNCFIT1`, the length of a JSON header as u32 (little-endian), the header, the state of the trainer and
 * the best weights. The header has the lengths of the last two.
 */
const SAVED_MAGIC = 'CNNCFIT1';
const SAVED_START = SAVED_MAGIC.length + 4;

interface SavedHeader extends Pick<SavedFit, 'run' | 'state'> {
  readonly trainerBytes: number;
  readonly bestBytes: number;
}

function savedBytes({ run, state, trainer, best = new Uint8Array(0) }: SavedFit): Uint8Array {
  const header: SavedHeader = { run, state, trainerBytes: trainer.length, bestBytes: best.length };
  const json = new TextEncoder().encode(JSON.stringify(header));
  const bytes = new Uint8Array(SAVED_START + json.length + trainer.length + best.length);
  bytes.set(new TextEncoder().encode(SAVED_MAGIC));
  new DataView(bytes.buffer).setUint32(SAVED_MAGIC.length, json.length, true);
  bytes.set(json, SAVED_START);
  bytes.set(trainer, SAVED_START + json.length);
  bytes.set(best, bytes.length - best.length);
  return bytes;
}

function readSaved(path: string, bytes: Uint8Array): SavedFit {
  const refuse = (found: string): never => {
    throw new Error(`fileStore (${path}): ${found}`);
  };
  const magic = String.fromCharCode(...bytes.subarray(0, SAVED_MAGIC.length));
  if (magic !== SAVED_MAGIC) refuse('this is no run of `fit`');
  if (bytes.length < SAVED_START) refuse('the file is truncated');
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(SAVED_MAGIC.length, true);
  const start = SAVED_START + length;
  const header = start <= bytes.length ? headerOf(bytes.subarray(SAVED_START, start)) : undefined;
  const { trainerBytes, bestBytes, ...rest } = header ?? refuse('the file is truncated or damaged');
  if (start + trainerBytes + bestBytes !== bytes.length) refuse('the file is truncated');
  // Copies, because numbers in these bytes need an alignment.
  const trainer = bytes.slice(start, start + trainerBytes);
  const best = bestBytes > 0 ? bytes.slice(start + trainerBytes) : undefined;
  return { ...rest, trainer, best };
}

function headerOf(json: Uint8Array): SavedHeader | undefined {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(json)) as SavedHeader;
  } catch {
    return undefined;
  }
}
