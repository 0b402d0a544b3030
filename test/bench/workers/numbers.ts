/** Files of bare little-endian numbers, as `prepare.ts` writes them. */
import type { Host } from './job.ts';

export async function readFloats(host: Host, file: string): Promise<Float32Array> {
  const { buffer, byteOffset, byteLength } = aligned(await host.read(file));
  return new Float32Array(buffer, byteOffset, byteLength / 4);
}

export async function readInts(host: Host, file: string): Promise<Int32Array> {
  const { buffer, byteOffset, byteLength } = aligned(await host.read(file));
  return new Int32Array(buffer, byteOffset, byteLength / 4);
}

export const readJson = async (host: Host, file: string): Promise<unknown> =>
  JSON.parse(new TextDecoder().decode(await host.read(file)));

/** Small files come from Node's shared pool, at any offset. */
const aligned = (bytes: Uint8Array): Uint8Array => (bytes.byteOffset % 4 === 0 ? bytes : bytes.slice());
