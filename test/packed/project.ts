/** The files of a user's project. */

export const MODEL = `import { defineModel } from 'cnnc';

export default defineModel({
  name: 'small',
  inputs: { image: [1, 3, 16, 16] },
  build(net, { image }) {
    const x = net.relu(net.conv2d('conv', image, { channels: 8, kernel: 3, padding: 1 }));
    return { logits: net.linear('fc', net.flatten(net.globalAveragePool(x)), { features: 4 }) };
  },
});
`;

/** Uses the public types, so that they are resolved and checked. */
export const TYPED = `import { buildGraph, compile, defineModel, Diagnostic, exportOnnx, importModel, type Compilation, type Model } from 'cnnc';
import { createHost, type BrowserHost } from 'cnnc/browser';
import { cnnc } from 'cnnc/plugin';
import { topK, type Ranked } from 'cnnc/runtime/topK';
import { preprocess } from 'cnnc/runtime/image';
import { detect } from 'cnnc/runtime/detection';
import { parseSafetensors } from 'cnnc/runtime/weights';
import { cosineSchedule } from 'cnnc/runtime/schedule';
import small from '../models/small.ts';

export const model: Model = small;
export const other = defineModel({
  name: 'other',
  inputs: { x: [1, 4] },
  build: (net, { x }) => ({ y: net.linear('fc', x, { features: 3 }) }),
});
export const compiled: Promise<Compilation> = compile(model, { targets: ['wasm'], batch: 2 });
export const convolutions = buildGraph(model, { training: false }).nodes.filter((node) => node.op === 'conv2d').length;
export const best: Ranked[] = topK(Float32Array.of(1, 2), 1);
export const host: BrowserHost = createHost({});
export const used = [exportOnnx, importModel, cnnc().name, preprocess, detect, parseSafetensors, cosineSchedule];

// @ts-expect-error: an unknown option is an error.
void compile(model, { weigths: 'w' });
try {
  await compiled;
} catch (error) {
  if (error instanceof Diagnostic) console.log(error.headline);
}
`;

export const VITE_CONFIG = `import { cnnc } from 'cnnc/plugin';

export default { base: './', plugins: [cnnc()] };
`;

/** Draws the image as a page does, and answers with the most probable class. */
export const PAGE = `import { load } from './digits.onnx';
import source from './three.png';

async function classify() {
  const image = new Image();
  image.src = source;
  await image.decode();
  const canvas = new OffscreenCanvas(32, 32);
  const context = canvas.getContext('2d');
  context.drawImage(image, 0, 0, 32, 32);
  const { data } = context.getImageData(0, 0, 32, 32);
  const model = await load();
  const [input] = Object.keys(model.info.inputs);
  const [scores] = Object.values(model.forward({ [input]: Float32Array.from({ length: 1024 }, (_, i) => (data[4 * i] / 255 - 0.1307) / 0.3081) }));
  return scores.indexOf(Math.max(...scores));
}

const output = document.querySelector('output');
classify().then(
  (answer) => (output.textContent = JSON.stringify({ answer })),
  (error) => (output.textContent = JSON.stringify({ error: String(error) })),
);
`;
