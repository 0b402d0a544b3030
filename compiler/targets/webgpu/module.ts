/** The WebGPU target's files for the programs of a package. It reads only programs and plans. */
import { runsIn } from '../../emit/buffers.ts';
import type { CanonicalWeights } from '../../emit/model.ts';
import { tensorNames } from '../../emit/phases.ts';
import { parameterKeys, type PackageParameter } from '../../emit/parameters.ts';
import { storageNames, type ParameterKeys } from '../../emit/storage.ts';
import { rootOf, sourceFile, type EmittedFile, type ModuleProgram } from '../../emit/types.ts';
import { HALVES, type Phase } from '../../program/types.ts';
import { createDispatcher, type Dispatch, type Dispatcher } from './dispatches.ts';
import { kernelsSource } from './kernelsModule.ts';
import { layOutMemory, type Regions, type WebgpuProgramLayout } from './memoryLayout.ts';
import { halvesSource, memorySource } from './memoryModule.ts';
import { parametersSource } from './parametersModule.ts';
import { phaseSource, type PhasePlace } from './phaseModule.ts';
import { stagedSource } from './stagedModule.ts';

type Files = Map<string, EmittedFile>;

/** Unformatted sources by path. `parameters` is empty unless the package trains. */
export function webgpuModule(
  name: string,
  programs: readonly ModuleProgram[],
  parameters: readonly PackageParameter[],
  canonical?: CanonicalWeights,
): ReadonlyMap<string, EmittedFile> {
  const layout = layOutMemory(programs, parameters);
  const keys = parameterKeys(parameters);
  const dispatcher = createDispatcher();
  const files: Files = new Map();
  if (parameters.length) files.set('parameters.ts', sourceFile(parametersSource(parameters, keys, layout)));
  if (canonical) files.set('parameters.ts', sourceFile(stagedSource(programs[0]!, canonical, layout)));
  const dispatches = new Map(
    programs.map((one) => [one, addPhases(files, one, layout.programs.get(one)!, keys, dispatcher)]),
  );
  const shared = programs.filter(({ weights }) => weights === 'shared');
  for (const one of programs) {
    // The sizes in the first program's file are those of all programs that share its memory.
    const all = (one === programs[0] ? [one, ...shared] : [one]).flatMap((each) => dispatches.get(each)!);
    files.set(`${one.folder}memory.ts`, sourceFile(memorySource(one, layout.programs.get(one)!, all)));
  }
  files.set('kernels.ts', sourceFile(kernelsSource(name, dispatcher.shaders())));
  return files;
}

/** Adds the files of the phases, and returns their dispatches. */
function addPhases(
  files: Files,
  one: ModuleProgram,
  layout: WebgpuProgramLayout,
  keys: ParameterKeys,
  dispatcher: Dispatcher,
): readonly Dispatch[] {
  const { program, folder, halves } = one;
  const storage = storageNames(program, keys);
  const all: Dispatch[] = [];
  const add = (phase: Phase, regions: Regions, path: string, place: PhasePlace): void => {
    const calls = phase.calls.map((call) => dispatcher.withVariant(call, (id) => regions.get(id)!));
    all.push(...calls.flatMap(({ own, tiled = [] }) => [...own, ...tiled]));
    const reads = phase.name === 'prepare' ? one.staging?.reads : undefined;
    files.set(
      path,
      sourceFile(phaseSource(phase, calls, storage, place, reads && tensorNames(program, reads))),
    );
  };
  const own: PhasePlace = {
    root: rootOf(one),
    memory: { name: 'm', file: './memory.js' },
    weights: one.weights === 'shared' ? '../memory.js' : './memory.js',
  };
  for (const phase of program.phases.filter(({ name }) => runsHere(name, one)))
    add(phase, regionsOf(phase, one, layout), `${folder}${phase.name}.ts`, own);
  if (halves) {
    const place: PhasePlace = {
      root: '../../',
      memory: { name: 'h as m', file: './memory.js' },
      weights: '../memory.js',
    };
    for (const phase of program.phases.filter(({ name }) => HALVES.includes(name)))
      add(phase, layout.halves, `${folder}halves/${phase.name}.ts`, place);
    files.set(`${folder}halves/memory.ts`, sourceFile(halvesSource(program, halves, layout)));
  }
  return all;
}

const regionsOf = ({ name }: Phase, { staging }: ModuleProgram, layout: WebgpuProgramLayout): Regions =>
  staging && name === 'prepare' ? layout.preparing : layout.regions;

/** Whether a phase runs in the memory of a step. The other phases of a trainer run in the memory of the halves. */
const runsHere = (name: Phase['name'], { timeline, halves }: ModuleProgram): boolean =>
  halves === undefined ? runsIn(name, timeline) : name === 'prepare' || timeline.includes(name);
