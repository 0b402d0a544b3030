/**
 * What a user ships besides weights or a model file: code, as it is stored on a server and compressed by gzip -9,
 * each file by itself. For a package, that is every .js file, and of the two builds of a .wasm file the one with relaxed
 * SIMD, because a page loads one of them; sources, declarations, listings and weights are not counted.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

export interface Shipped {
  readonly files: number;
  readonly raw: number;
  readonly gzip: number;
}

export function shippedBytes(files: readonly Uint8Array[]): Shipped {
  const sum = (sizes: readonly number[]): number => sizes.reduce((total, size) => total + size, 0);
  return {
    files: files.length,
    raw: sum(files.map(({ length }) => length)),
    gzip: sum(files.map((bytes) => gzipSync(bytes, { level: 9 }).length)),
  };
}

export function shippedPackage(folder: string): Shipped {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(js|wasm)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
  const other = (file: string): string => file.replace(/\.relaxed\.wasm$/, '.wasm');
  const left = new Set(files.filter((file) => other(file) !== file).map(other));
  return shippedBytes(files.filter((file) => !left.has(file)).map((file) => readFileSync(file)));
}
