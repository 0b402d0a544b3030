/** Trains the last layer, away from the page. A run that was stopped continues when the same photos come again. */
import { indexedDbStore, load, preprocess } from './vehicles.ts?batch=8&train=head&optimizer=adam&cnnc';

const signal = { aborted: false };

onmessage = async ({ data: kinds }) => {
  signal.aborted = kinds === undefined;
  if (signal.aborted) return;
  const trainer = await load({ training: true, learningRate: 0.01 });
  const read = async (file) => preprocess(await createImageBitmap(file));
  const examples = kinds.flatMap((files, label) => [...files].map((file) => ({ image: read(file), label })));
  const store = indexedDbStore('vehicles');
  const onStep = (step) => postMessage({ step });
  postMessage(await trainer.fit({ examples, epochs: 20, signal, store, otherRun: 'forget', onStep }));
};
