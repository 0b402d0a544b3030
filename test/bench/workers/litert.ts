/** LiteRT.js on the processor, one thread. files: `wasm` (the folder of its scripts), `tflite`, `imageNhwc`, `shapeNhwc`. */
import { loadAndCompile, loadLiteRt, Tensor } from '@litertjs/core';
import type { Host, Job, Session } from './job.ts';
import { readFloats } from './numbers.ts';

export async function load({ files }: Job, host: Host): Promise<Session> {
  host.allowScripts();
  // A path in Node, an address on the server of a page. Its build with relaxed SIMD is taken where that is.
  await loadLiteRt(`${files['wasm']}/`);
  const model = await loadAndCompile(await host.read(files['tflite']!), { accelerator: 'wasm' });
  const numbers = await readFloats(host, files['imageNhwc']!);
  const shape = files['shapeNhwc']!.split('x').map(Number);
  return {
    async run() {
      const image = new Tensor(numbers, shape);
      const [output] = await model.run([image]);
      const logits = output!.toTypedArray();
      output!.delete();
      image.delete();
      return logits;
    },
  };
}
