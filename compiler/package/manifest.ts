/** `package.json` of a generated package. The package belongs to the user and has no licence field. */
import { classifierOf } from './fitModule.ts';
import { isInline, type PackageOptions } from '../emit/model.ts';
import type { TargetedModel } from '../emit/target.ts';

/** The field of `package.json` by which a later compile recognizes the folder as a package of cnnc. */
export const MARK = 'cnnc';
export const PACKAGE_FORMAT = 1;

/** Files that `exports` lists, so that programs can find them by the package's name. */
const assetNames = ({ target }: TargetedModel, options: PackageOptions): string[] => [
  ...target.assets(options),
  ...(isInline(options, 'weights') ? [] : ['weights.safetensors']),
];

/** Prints `package.json`. There is one model for each target. */
export function packageJson(models: readonly TargetedModel[], options: PackageOptions = {}): string {
  const { name, source } = models[0]!;
  const entries = models.flatMap((model) => {
    const folder = models.length > 1 ? `./${model.target.name}/` : './';
    const entry = { types: `${folder}index.d.ts`, default: `${folder}index.js` };
    return [
      ...(models.length > 1 ? [[`./${model.target.name}`, entry] as const] : []),
      ...(classifierOf(model) ? [[`${folder}${FIT}.js`, fitEntry(folder)] as const] : []),
      ...assetNames(model, options).map((asset) => [`${folder}${asset}`, `${folder}${asset}`] as const),
    ];
  });
  const manifest = {
    name,
    version: '1.0.0',
    private: true,
    type: 'module',
    main: './index.js',
    types: './index.d.ts',
    exports: {
      '.': { types: './index.d.ts', default: './index.js' },
      ...Object.fromEntries<unknown>(entries),
      './package.json': './package.json',
    },
    sideEffects: false,
    [MARK]: { format: PACKAGE_FORMAT, source },
  };
  return JSON.stringify(manifest, undefined, 2) + '\n';
}

/** The function `fit`, for hosts that do not allow `import()`. */
const FIT = 'training/fit';
const fitEntry = (folder: string) => ({ types: `${folder}${FIT}.d.ts`, default: `${folder}${FIT}.js` });
