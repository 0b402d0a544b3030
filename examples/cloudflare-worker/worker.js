/**
 * A worker that reads digits: 28 x 28 gray pixels in the body of a POST, the most probable classes as JSON. Workers compile
 * no WebAssembly while they run, so the kernels and the weights are imported.
 */
import { load } from './lenet5/index.js';
import plain from './lenet5/kernels.wasm';
import weights from './lenet5/weights.safetensors';

const loading = load({ kernels: plain, weights });

export default {
  async fetch(request) {
    const pixels = new Uint8Array(await request.arrayBuffer());
    if (pixels.length !== 28 * 28) return new Response('expected 28 x 28 gray pixels\n', { status: 400 });
    const model = await loading;
    return Response.json(model.classify({ data: pixels, width: 28, height: 28 }, 3));
  },
};
