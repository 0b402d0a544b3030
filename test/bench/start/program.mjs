/**
 * Loads the package in a folder, runs it once and prints the milliseconds since the process began. With a rate in Mbit/s
 * the package downloads its files over a line of that rate; without one it reads them from the disk.
 */
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const PIECE_BYTES = 16384;

const [folder, rate] = process.argv.slice(2);
const bytesPerMillisecond = (Number(rate) * 1e6) / 8 / 1000;

/** The line is free again at this time: all downloads share it. */
let freeAt = 0;

/** A download of a file whose pieces arrive when the line has carried them. */
function download(name, type) {
  let file;
  const body = new ReadableStream({
    async pull(controller) {
      file ??= await open(join(folder, name));
      const { buffer, bytesRead } = await file.read(new Uint8Array(PIECE_BYTES));
      if (bytesRead === 0) {
        await file.close();
        return controller.close();
      }
      freeAt = Math.max(freeAt, performance.now()) + bytesRead / bytesPerMillisecond;
      const wait = freeAt - performance.now();
      // A timer is late by up to a millisecond, so short waits are left to later pieces.
      if (wait > 2) await new Promise((done) => setTimeout(done, wait));
      controller.enqueue(buffer.subarray(0, bytesRead));
    },
  });
  return new Response(body, { headers: { 'content-type': type } });
}

const hasKernels = await readFile(join(folder, 'kernels.wasm')).then(
  () => true,
  () => false,
);
const options =
  Number(rate) === 0
    ? {}
    : {
        weights: download('weights.safetensors', 'application/octet-stream'),
        ...(hasKernels && {
          kernels: await WebAssembly.compileStreaming(download('kernels.wasm', 'application/wasm')),
        }),
      };
const { info, load } = await import(pathToFileURL(join(folder, 'index.js')).href);
const model = await load(options);
const inputs = Object.entries(info.inputs).map(([name, { shape, dtype }]) => {
  const size = shape.reduce((product, extent) => product * extent, 1);
  return [name, dtype === 'f32' ? new Float32Array(size) : new Int32Array(size)];
});
await model.forward(Object.fromEntries(inputs));
console.log(performance.now());
