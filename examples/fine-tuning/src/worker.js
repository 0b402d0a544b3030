/** Trains the last layer, away from the page. A run that was stopped continues when the same photos come again. */
import { indexedDbStore, load } from './vehicles.ts?batch=8&train=head&cnnc';
import { readPhoto } from './photo.js';

let stop;

onmessage = async ({ data: kinds }) => {
  if (!kinds) return stop.abort();
  stop = new AbortController();
  const examples = kinds.flatMap((files, label) =>
    Array.from(files, (file) => ({ image: readPhoto(file), label })),
  );
  const trainer = await load({ training: true, learningRate: 0.01 });
  const store = { store: indexedDbStore('vehicles'), otherRun: 'forget' };
  const onStep = (step) => postMessage({ step });
  postMessage(await trainer.fit({ examples, epochs: 20, signal: stop.signal, ...store, onStep }));
};
