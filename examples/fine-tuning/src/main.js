/** The page: photos go to the worker, and the weights that it finds go into the fast network of this page. */
import { load } from './vehicles.ts?seed=1&cnnc';

const { animals, vehicles, train, stop, photo, output } = document.forms[0].elements;
const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
const show = (text) => (output.value = text);
const describe = ([best]) => `This is ${best.label === 'animal' ? 'an animal' : 'a vehicle'}.`;

train.onclick = () => worker.postMessage([animals.files, vehicles.files]);
stop.onclick = () => worker.postMessage(undefined);
worker.onmessage = async ({ data: { step, weights } }) => {
  if (step) return show(`Epoch ${step.epoch} of ${step.epochs}, loss ${step.loss.toFixed(3)}`);
  const model = await load({ weights });
  photo.onchange = async () => show(describe(model.classify(await createImageBitmap(photo.files[0]))));
  show('Choose a photo.');
};
