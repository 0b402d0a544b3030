/** The plugin for every bundler that unplugin knows. */
import { createUnplugin, type UnpluginInstance } from 'unplugin';
import { addAssets } from './esbuild.ts';
import { messageOf, type Message } from './messages.ts';
import { createModels, type Log, type Models } from './models.ts';
import { readPluginOptions, type PluginOptions, type Settings } from './options.ts';
import { IDS, SPECIFIERS } from './requests.ts';
import type { ResolveContext } from './resolve.ts';
import { emitAssets } from './rollup.ts';
import { viteHooks } from './vite.ts';

const NAME = 'cnnc';

export const unplugin: UnpluginInstance<PluginOptions | undefined, false> = createUnplugin(
  (options, meta) => {
    const settings = readPluginOptions(options);
    const models = createModels(settings);
    followCompiler(models, meta as Compilers);
    const modules = modulesOf(settings);
    const transform = { filter: { id: modules }, handler: emitAssets };
    return {
      name: NAME,
      enforce: 'pre',
      resolveId: {
        filter: { id: SPECIFIERS },
        handler(specifier, importer) {
          return models.resolve(this as ResolveContext, specifier, importer);
        },
      },
      load: {
        filter: { id: IDS },
        async handler(id) {
          try {
            return await models.load(id, (file) => this.addWatchFile(file));
          } catch (error) {
            return report(messageOf(error, models.fileOf(id)), meta.framework, this);
          }
        },
      },
      rollup: { transform },
      rolldown: { transform },
      vite: viteHooks(models, () => unplugin.vite(options)),
      esbuild: {
        onResolveFilter: SPECIFIERS,
        onLoadFilter: IDS,
        loader: 'js',
        setup(build) {
          models.setRoot(build.initialOptions.absWorkingDir ?? process.cwd());
          addAssets(build, modules);
        },
      },
    };
  },
);

interface WebpackLike {
  readonly context: string;
  getInfrastructureLogger(name: string): Log;
}

/** The compiler of the bundler that runs, where it has one. */
interface Compilers {
  readonly webpack?: { readonly compiler: WebpackLike };
  readonly rspack?: { readonly compiler: WebpackLike };
}

function followCompiler(models: Models, { webpack, rspack }: Compilers): void {
  const compiler = (webpack ?? rspack)?.compiler;
  if (!compiler) return;
  models.setRoot(compiler.context);
  models.setLog(compiler.getInfrastructureLogger(NAME));
}

/** Modules of packages in the cache. */
function modulesOf({ cacheFolder = 'node_modules/.cache/cnnc' }: Settings): RegExp {
  const names = cacheFolder.split(/[\\/]/).filter((name) => !/^(\.{0,2}|[A-Za-z]:)$/.test(name));
  const escaped = names.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`[\\\\/]${escaped.join('[\\\\/]')}[\\\\/].*\\.js$`);
}

interface Reporter {
  error(message: Message): void;
}

/** Rollup's kind throws here. esbuild keeps the error and wants some text; webpack's kind takes what is thrown. */
function report(message: Message, framework: string, context: Reporter): string {
  if (framework === 'webpack' || framework === 'rspack') {
    const text = [message.message, ...(message.frame ? [message.frame] : [])].join('\n');
    throw Object.assign(new Error(text), { stack: message.stack || text });
  }
  context.error(message);
  return '';
}
