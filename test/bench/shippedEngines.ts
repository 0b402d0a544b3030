/** The code that apps ship for each engine: packages of cnnc, and the files that a page loads of the web peers. */
import { readFileSync } from 'node:fs';
import type { TargetName } from '../../compiler/targets/index.ts';
import { bundleShipped } from './bundle.ts';
import type { PeerName } from './engines.ts';
import { peerFile } from './peers.ts';
import type { PreparedNet } from './prepare.ts';
import { shippedBytes, shippedPackage, type Shipped } from './shipped.ts';

interface Row {
  readonly what: string;
  readonly bytes: Shipped;
}

interface Measured {
  readonly targets: readonly TargetName[];
  readonly peers: readonly PeerName[];
}

const ORT = ['ort.wasm.min.mjs', 'ort-wasm-simd-threaded.mjs', 'ort-wasm-simd-threaded.wasm'];
/** The build with relaxed SIMD: a page loads one of the builds. */
const LITERT = ['litert_wasm_internal.js', 'litert_wasm_internal.wasm'];

const read = (path: string): Uint8Array => readFileSync(peerFile(path));

const PEER_CODE: Readonly<Partial<Record<PeerName, () => Promise<readonly Uint8Array[]>>>> = {
  'ort-web': () => Promise.resolve(ORT.map((file) => read(`onnxruntime-web/dist/${file}`))),
  'tfjs-wasm': async () => [
    await bundleShipped('tfjsShipped'),
    read('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm'),
  ],
  litert: async () => [
    await bundleShipped('litertShipped'),
    ...LITERT.map((file) => read(`@litertjs/core/wasm/${file}`)),
  ],
};

export async function measureShipped({ targets, peers }: Measured, net: PreparedNet): Promise<Row[]> {
  const rows: Row[] = targets.map((target) => ({
    what: `cnnc ${target}, ${net.name}`,
    bytes: shippedPackage(net.files[`package-${target}`]!),
  }));
  for (const what of peers) {
    const code = await PEER_CODE[what]?.();
    if (code) rows.push({ what, bytes: shippedBytes(code) });
  }
  return rows;
}
