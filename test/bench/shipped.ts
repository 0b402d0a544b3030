/**
 * What a user ships beside weights or model file: code, as it lies on a server, and by gzip -9, each file by itself.
 * Of a package that is every .js and .wasm; sources, declarations, listings and weights stay at home.
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

export const shippedPackage = (folder: string): Shipped =>
  shippedBytes(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(js|wasm)$/.test(entry.name))
      .map((entry) => readFileSync(join(entry.parentPath, entry.name))),
  );
