/**
 * Fine-tuning in the page: the body of a network for digits keeps its weights, and a new last layer learns two shapes from
 * a few drawings. Nothing leaves the page.
 */
import {
  load,
  preprocess,
  topK,
} from './shapes.ts?batch=8&train=head&optimizer=adam&weights=../node_modules/cnnc/models/weights/lenet5.safetensors&cnnc';
import { createPad } from './pad.js';

/** Drawings in a step, as the query of the import says. */
const BATCH = 8;
const STEPS = 60;

const find = (selector) => document.querySelector(selector);
const say = (text) => (find('output').textContent = text);

const trainer = await load({ training: true, learningRate: 0.01, seed: 1 });
/** The network's inputs of the drawings that were kept, by class. */
const kept = [[], []];
let isTrained = false;

const pad = createPad(find('canvas'), () => isTrained && say(`This is ${classify()}.`));

const drawing = () => {
  const { data, width, height } = pad.pixels();
  return preprocess(data, width, height);
};

/** Images of one size in one array, as many as a step takes. */
function batchOf(images) {
  const { length } = images[0];
  const batch = new Float32Array(BATCH * length);
  for (let i = 0; i < BATCH; i++) batch.set(images[i % images.length], i * length);
  return batch;
}

function classify() {
  // The package takes batches; the other drawings of this one are copies.
  const { logits } = trainer.predict({ image: batchOf([drawing()]) });
  const [best] = topK(logits.subarray(0, kept.length), 1);
  return `${best.label} (${(best.probability * 100).toFixed(0)}%)`;
}

function keep(label) {
  kept[label].push(drawing());
  pad.clear();
  find('#train').disabled = kept.some((images) => images.length === 0);
  say(`A: ${kept[0].length}, B: ${kept[1].length}`);
}

function train() {
  let last = 0;
  for (let step = 0; step < STEPS; step++) {
    // Classes take turns, and so do the drawings of each.
    const picked = Array.from({ length: BATCH }, (_, i) => {
      const images = kept[i % 2];
      return images[((step * BATCH + i) >> 1) % images.length];
    });
    const label = Int32Array.from({ length: BATCH }, (_, i) => i % 2);
    last = trainer.trainStep({ image: batchOf(picked), label }).loss;
  }
  isTrained = true;
  say(`Learned; the loss is ${last.toFixed(3)}. Draw one of the shapes.`);
}

find('#keep-A').addEventListener('click', () => keep(0));
find('#keep-B').addEventListener('click', () => keep(1));
find('#train').addEventListener('click', train);
find('#clear').addEventListener('click', () => pad.clear());
say('Ready.');
