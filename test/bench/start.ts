/** Starts engines where they run: their scripts, bundled for that place, in processes or in pages. */
import { bundleWorkers, type Place, type WorkerName } from './bundle.ts';
import type { Chromium } from './chromium.ts';
import type { Engine } from './engines.ts';
import { PYTORCH_SCRIPT } from './python.ts';
import type { Start } from './speed.ts';
import { startWorker } from './workerProcess.ts';

export interface Starter {
  readonly start: Start;
  readonly scriptOf: (engine: Engine) => string;
}

/** `chromium` is needed where an engine runs in a page. */
export async function createStarter(engines: readonly Engine[], chromium?: Chromium): Promise<Starter> {
  const [node, page] = await Promise.all([bundlesFor(engines, 'node'), bundlesFor(engines, 'page')]);
  const scriptOf = ({ script, runtime }: Engine): string =>
    script === 'pytorch' ? PYTORCH_SCRIPT : (runtime.kind === 'page' ? page : node).get(script)!;
  return {
    scriptOf,
    start: (engine, job) =>
      engine.runtime.kind === 'page'
        ? chromium!.start(scriptOf(engine), job)
        : startWorker(scriptOf(engine), engine.runtime, job),
  };
}

function bundlesFor(engines: readonly Engine[], place: Place): Promise<ReadonlyMap<WorkerName, string>> {
  const isThere = ({ runtime }: Engine): boolean => (runtime.kind === 'page') === (place === 'page');
  const scripts = engines.filter(isThere).map(({ script }) => script);
  return bundleWorkers(
    scripts.filter((script) => script !== 'pytorch'),
    place,
  );
}
