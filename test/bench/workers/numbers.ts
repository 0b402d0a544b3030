/** Files of bare little-endian numbers, as `prepare.ts` writes them. */
import { readFileSync } from 'node:fs';

export function readFloats(file: string): Float32Array {
  const { buffer, byteOffset, byteLength } = aligned(readFileSync(file));
  return new Float32Array(buffer, byteOffset, byteLength / 4);
}

export function readInts(file: string): Int32Array {
  const { buffer, byteOffset, byteLength } = aligned(readFileSync(file));
  return new Int32Array(buffer, byteOffset, byteLength / 4);
}

/** Small files come from Node's shared pool, at any offset. */
const aligned = (bytes: Uint8Array): Uint8Array => (bytes.byteOffset % 4 === 0 ? bytes : bytes.slice());
