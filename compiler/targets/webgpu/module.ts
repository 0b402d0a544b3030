/** The WebGPU target's files for the program of a package. It reads programs and plans only. */
import { storageNames } from '../../emit/storage.ts';
import type { EmittedFile, ModuleProgram } from '../../emit/types.ts';
import { createDispatcher } from './dispatches.ts';
import { kernelsSource } from './kernelsModule.ts';
import { layOutMemory } from './memoryLayout.ts';
import { memorySource } from './memoryModule.ts';
import { phaseSource } from './phaseModule.ts';

/** Path to unformatted source. */
export function webgpuModule(name: string, one: ModuleProgram): ReadonlyMap<string, EmittedFile> {
  const { program } = one;
  const layout = layOutMemory(one);
  const storage = storageNames(program, new Map());
  const dispatcher = createDispatcher();
  const phases = program.phases.map((phase) => {
    const dispatches = phase.calls.flatMap((call) =>
      dispatcher.dispatches(call, (id) => layout.regions.get(id)!),
    );
    return { phase, dispatches };
  });
  const all = phases.flatMap(({ dispatches }) => dispatches);
  const source = (text: string): EmittedFile => ({ kind: 'source', text });
  return new Map([
    ['kernels.ts', source(kernelsSource(name, dispatcher.shaders()))],
    ['memory.ts', source(memorySource(one, layout, all))],
    ...phases.map(
      ({ phase, dispatches }) =>
        [`${phase.name}.ts`, source(phaseSource(phase, dispatches, storage))] as const,
    ),
  ]);
}
