/**
 * The wasm target's files for the programs of a package: the kernels as WebAssembly, and TypeScript that calls them
 * with constant addresses. It reads only programs and plans.
 */
import type { Assembler } from '../../emit/host.ts';
import { parameterKeys, type PackageParameter } from '../../emit/parameters.ts';
import type { CanonicalWeights } from '../../emit/model.ts';
import { storageNames, type ParameterKeys } from '../../emit/storage.ts';
import { sourceFile, type EmittedFile, type ModuleProgram } from '../../emit/types.ts';
import { assembleModule } from './assemble.ts';
import { inlineSource, kernelsSource, type KernelsModuleOptions } from './kernelsModule.ts';
import type { WasmLayout } from './memoryLayout.ts';
import { halvesSource, memorySource } from './memoryModule.ts';
import { parametersSource } from './parametersModule.ts';
import { phaseSource } from './phaseModule.ts';
import { stagedSource } from './stagedModule.ts';
import { moduleKernels } from './variants.ts';

export interface WasmModule {
  readonly sources: ReadonlyMap<string, EmittedFile>;
  /** Files that are not formatted: `kernels.wat`, `kernels.wasm`. */
  readonly assets: ReadonlyMap<string, string | Uint8Array>;
}

/** Prints the module. `parameters` is empty unless the package trains. */
export async function wasmModule(
  name: string,
  programs: readonly ModuleProgram[],
  parameters: readonly PackageParameter[],
  canonical: CanonicalWeights | undefined,
  layout: WasmLayout,
  options: KernelsModuleOptions,
  assemble: Assembler,
): Promise<WasmModule> {
  const all = programs.map(({ program }) => program);
  const kernels = moduleKernels(all, { relaxed: false });
  const plain = await assembleModule(name, kernels, { relaxed: false }, assemble);
  const relaxedKernels = moduleKernels(all, { relaxed: true });
  const relaxed = await assembleModule(name, relaxedKernels, { relaxed: true }, assemble);
  const keys = parameterKeys(parameters);
  const sources = new Map<string, EmittedFile>([
    ['kernels.ts', sourceFile(kernelsSource(name, kernels, options))],
  ]);
  const assets = new Map<string, string | Uint8Array>([['kernels.wat', plain.wat]]);
  if (options.inline) {
    const text = inlineSource(name, plain.bytes, relaxed.bytes);
    sources.set('kernelsWasm.ts', { kind: 'formatted', text });
  } else {
    assets.set('kernels.wasm', plain.bytes);
    assets.set('kernels.relaxed.wasm', relaxed.bytes);
  }
  if (parameters.length) sources.set('parameters.ts', sourceFile(parametersSource(parameters, keys, layout)));
  if (canonical)
    sources.set(
      'parameters.ts',
      sourceFile(stagedSource(programs[0]!, canonical, layout.programs.get(programs[0]!)!)),
    );
  const training = programs.find(({ folder }) => folder === 'training/');
  for (const one of programs) addProgram(sources, one, layout, keys, training);
  return { sources, assets };
}

function addProgram(
  sources: Map<string, EmittedFile>,
  one: ModuleProgram,
  layout: WasmLayout,
  keys: ParameterKeys,
  training: ModuleProgram | undefined,
): void {
  const { program, folder, halves } = one;
  const own = layout.programs.get(one)!;
  const storage = storageNames(program, keys);
  const trainingEnd = training && training !== one ? layout.programs.get(training)!.end : undefined;
  sources.set(`${folder}memory.ts`, sourceFile(memorySource(one, own, trainingEnd)));
  if (halves) sources.set(`${folder}halvesMemory.ts`, sourceFile(halvesSource(program, halves, own)));
  for (const phase of program.phases)
    sources.set(`${folder}${phase.name}.ts`, sourceFile(phaseSource(one, phase, storage)));
}
