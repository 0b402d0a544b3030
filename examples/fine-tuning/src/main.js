/** The page: photos go to the worker, and its weights into the network that answers. */
import { load, topK } from './vehicles.ts?batch=8&train=head&cnnc';
import { readPhoto } from './photo.js';

const { animals, vehicles, train, stop, photo, output } = document.forms[0].elements;
const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });

train.onclick = () => worker.postMessage([animals.files, vehicles.files]);
stop.onclick = () => worker.postMessage(undefined);
worker.onmessage = async ({ data: { step, weights } }) => {
  if (step) return (output.value = `Epoch ${step.epoch} of ${step.epochs}, loss ${step.loss.toFixed(3)}`);
  const model = await load({ weights });
  output.value = 'Choose a photo.';
  photo.onchange = async () => {
    // The network takes eight images; the others stay black.
    const image = new Float32Array(8 * 3 * 32 * 32);
    image.set(await readPhoto(photo.files[0]));
    const [best] = topK(model.forward({ image }).logits.subarray(0, 2), 1);
    output.value = `This is ${best.label === 'animal' ? 'an animal' : 'a vehicle'}.`;
  };
};
