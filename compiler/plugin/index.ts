/**
 * The plugin for bundlers: `import { load } from './net.onnx'` in an application.
 *
 *     // vite.config.js
 *     import { cnnc } from 'cnnc/plugin';
 *     export default { plugins: [cnnc()] };
 *
 * The types name no bundler, so that a project needs the types of its own one only.
 */
import '../host/workingFolder.ts';
import type { PluginOptions } from './options.ts';
import { unplugin } from './plugin.ts';

export type { ModelOptions, PluginOptions } from './options.ts';

/** A plugin of Vite, Rollup or Rolldown. */
export interface NamedPlugin {
  readonly name: string;
}

/** A plugin of webpack or Rspack. */
export interface CompilerPlugin {
  apply(compiler: unknown): void;
}

/** A plugin of esbuild. */
export interface EsbuildPlugin {
  readonly name: string;
  setup(build: unknown): void | Promise<void>;
}

export interface Cnnc {
  /** The plugin for Vite. */
  (options?: PluginOptions): NamedPlugin;
  vite(options?: PluginOptions): NamedPlugin;
  rollup(options?: PluginOptions): NamedPlugin;
  rolldown(options?: PluginOptions): NamedPlugin;
  webpack(options?: PluginOptions): CompilerPlugin;
  rspack(options?: PluginOptions): CompilerPlugin;
  esbuild(options?: PluginOptions): EsbuildPlugin;
}

export const cnnc: Cnnc = Object.assign((options?: PluginOptions): NamedPlugin => unplugin.vite(options), {
  vite: unplugin.vite,
  rollup: unplugin.rollup,
  rolldown: unplugin.rolldown,
  webpack: (options?: PluginOptions) => unplugin.webpack(options) as CompilerPlugin,
  rspack: (options?: PluginOptions) => unplugin.rspack(options) as CompilerPlugin,
  esbuild: (options?: PluginOptions) => unplugin.esbuild(options) as EsbuildPlugin,
});
