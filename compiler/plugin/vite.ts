/**
 * The part of the plugin that only Vite has: modules in workers, and the reload after a change. Vite watches what a module
 * names while it loads, but forgets that when the load fails; so the plugin asks for what each model depends on.
 */
import { resolve } from 'node:path';
import type { Plugin } from 'vite';
import type { Models } from './models.ts';

/** `ofWorker` creates the plugin for bundles of workers, which Vite builds with plugins of their own. */
export const viteHooks = (models: Models, ofWorker: () => Plugin): Partial<Plugin> => ({
  config: () => ({ worker: { plugins: () => [ofWorker()] } }),
  configResolved({ root, logger }) {
    models.setRoot(resolve(root));
    models.setLog({ info: (text) => logger.info(text), warn: (text) => logger.warn(text) });
  },
  hotUpdate({ file, modules }) {
    const { moduleGraph } = this.environment;
    const stale = models.dependingOn(resolve(file)).flatMap((id) => moduleGraph.getModuleById(id) ?? []);
    return stale.length > 0 ? [...new Set([...modules, ...stale])] : undefined;
  },
});
