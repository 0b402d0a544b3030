/**
 * Times of a package on WebGPU: of whole calls of the package as it is, to the numbers in hand, and of every kernel call
 * by the GPU's clock, in runs where each dispatch is a pass of its own. The two alternate.
 */
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fail } from '../../diagnostics/diagnostic.ts';
import { importing } from '../package.ts';
import { createGpuTimer, describeGpu, MOST_DISPATCHES, openDawn } from './gpuTimer.ts';
import { benchInputs, BLOCKS, likelyRuns, WARM_RUNS, type Measured } from './measure.ts';
import { median } from './statistics.ts';
import { importTarget, type CallFacts, type LoadedModel, type Subject } from './subject.ts';

interface DispatchFacts {
  readonly layer: string;
  readonly kernel: string;
}

export async function measureGpu(subject: Subject, runs: number | undefined): Promise<Measured> {
  const calls = subject.inference['forward']!;
  const places = placesOf(subject, calls, await dispatchesOf(subject));
  const gpu = await openDawn(subject);
  const name = await describeGpu(gpu, subject);
  const timer = createGpuTimer(gpu, places.length);
  const module = await importTarget(subject.folder, subject.home);
  const loaded: LoadedModel[] = [];
  const load = async (given: GPU): Promise<() => Promise<number>> => {
    const model = await importing(subject.folder, 'it cannot be loaded', () => module.load({ gpu: given }));
    loaded.push(model);
    return timedCall(model, benchInputs(subject.info.inputs));
  };
  try {
    const whole = await load(gpu);
    const firstMs = await whole();
    const parts = await load(timer.gpu);
    let last = 0;
    for (let i = 0; i < WARM_RUNS; i++) last = await whole();
    await parts();
    const count = runs ?? likelyRuns(last);
    const wholeTimes: number[] = [];
    const samples: number[][] = calls.map(() => []);
    for (let block = 0; block < BLOCKS; block++) {
      const share = Math.floor(((block + 1) * count) / BLOCKS) - Math.floor((block * count) / BLOCKS);
      for (let i = 0; i < share; i++) wholeTimes.push(await whole());
      for (let i = 0; i < share; i++) {
        await parts();
        addSample(samples, places, await timer.take());
      }
    }
    return {
      calls: calls.map((facts, i) => {
        const [ms, minMs] = [median(samples[i]!), Math.min(...samples[i]!)];
        return { phase: 'forward', facts, times: 1, ms, minMs };
      }),
      ...{ runs: count, overheadMs: 0, gpu: name },
      whole: { medianMs: median(wholeTimes), minMs: Math.min(...wholeTimes), firstMs },
    };
  } finally {
    for (const model of loaded) model.close();
  }
}

const timedCall =
  (model: LoadedModel, inputs: Parameters<LoadedModel['forward']>[0]) => async (): Promise<number> => {
    const start = performance.now();
    await model.forward(inputs);
    return performance.now() - start;
  };

function addSample(samples: number[][], places: readonly number[], times: readonly number[]): void {
  const totals = samples.map(() => 0);
  places.forEach((place, i) => (totals[place]! += times[i]!));
  totals.forEach((total, place) => samples[place]!.push(total));
}

/** As `forward.js` writes them down. */
async function dispatchesOf({ folder, home }: Subject): Promise<readonly DispatchFacts[]> {
  const { forward } = await importing(folder, 'its forward.js cannot be run', async () => {
    return (await import(pathToFileURL(resolve(join(home, 'forward.js'))).href)) as {
      forward(dispatch: (layer: string, kernel: { readonly name: string }) => void): void;
    };
  });
  const found: DispatchFacts[] = [];
  forward((layer, { name }) => found.push({ layer, kernel: name }));
  return found;
}

/** Which call each dispatch is (a part of): a kernel of several loops is several dispatches. */
function placesOf(
  { folder }: Subject,
  calls: readonly CallFacts[],
  dispatches: readonly DispatchFacts[],
): readonly number[] {
  if (dispatches.length > MOST_DISPATCHES) {
    const found = `it has ${dispatches.length} dispatches, so many cannot be timed in one call`;
    return fail('package', { file: folder }, found, [`at most ${MOST_DISPATCHES}`]);
  }
  const isOf = (call: CallFacts | undefined, { layer, kernel }: DispatchFacts): boolean =>
    call !== undefined && call.label === layer && kernel.startsWith(call.kernel);
  let place = -1;
  return dispatches.map((dispatch) => {
    if (isOf(calls[place + 1], dispatch)) place++;
    else if (!isOf(calls[place], dispatch)) {
      const found = `its layers.json does not list the dispatch of ${dispatch.kernel} in ${dispatch.layer}`;
      return fail('package', { file: folder }, `${found}: compile it again`);
    }
    return place;
  });
}
