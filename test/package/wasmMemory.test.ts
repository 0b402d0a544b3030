/** The one memory of a wasm package: its parts, and how the listings describe them. */
import { describe, expect, it } from 'vitest';
import { compile } from '../../compiler/index.ts';
import { programsOf } from '../../compiler/package/programs.ts';
import { isStored, parameterSize } from '../../compiler/emit/parameters.ts';
import { rootOf } from '../../compiler/program/types.ts';
import { layOutMemory, pagesFor, weightFileOrder } from '../../compiler/targets/wasm/memoryLayout.ts';
import { immediateTargetNames } from '../support/targets.ts';
import { parseSafetensors } from '../../runtime/weights.ts';
import lenet5 from '../../models/lenet5.ts';
import { compiledModel } from '../support/compiled.ts';
import { classifier, trainable } from '../support/packageModels.ts';
import { COMPILE_TIMEOUT } from '../support/packages.ts';

interface Range {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

const options = { source: 'model.ts', targets: ['wasm'] } as const;

type Kind = keyof typeof KINDS;
const KINDS = {
  inference: {},
  'packed weights': { packedWeights: true },
  training: { training: { optimizer: 'adam' } },
} as const;

/** Every range that something has for itself, and the arenas. */
function rangesOf(model: Parameters<typeof compile>[0], kind: Kind) {
  const compiled = compiledModel(model, { ...options, ...KINDS[kind] });
  const programs = programsOf(compiled);
  const parameters = compiled.training?.parameters ?? [];
  const layout = layOutMemory(programs, parameters);
  const ranges: Range[] = parameters.map((one) => {
    const from = layout.parameters.get(one.name)!;
    return { name: one.name, from, to: from + 4 * parameterSize(one) };
  });
  for (const one of programs) {
    const { weights, arena, halves } = layout.programs.get(one)!;
    for (const [id, from] of weights) {
      const { name, length } = one.program.buffers[id]!;
      expect(rootOf(one.program, id).buffer, name).toBe(id);
      ranges.push({ name: `${one.folder}${name}`, from, to: from + 4 * length });
    }
    ranges.push({ name: `${one.folder}arena`, from: arena, to: arena + one.plan.arenaBytes });
    if (one.halves) ranges.push({ name: 'halves', from: halves, to: halves + one.halves.arenaBytes });
  }
  return { compiled, programs, parameters, layout, ranges: ranges.sort((a, b) => a.from - b.from) };
}

describe.each(Object.keys(KINDS) as Kind[])('the layout of a package, %s', (kind) => {
  it('has everything at a multiple of 64, and nothing twice', () => {
    const { ranges, layout } = rangesOf(trainable, kind);
    expect(ranges.length).toBeGreaterThan(4);
    ranges.forEach(({ name, from }, i) => {
      expect(from % 64, name).toBe(0);
      if (i > 0) expect(ranges[i - 1]!.to, `${ranges[i - 1]!.name} and ${name}`).toBeLessThanOrEqual(from);
    });
    expect(ranges.at(-1)!.to).toBeLessThanOrEqual(layout.bytes);
  });
});

it('what only training needs comes after what inference needs, the halves last', () => {
  const { programs, parameters, layout, ranges } = rangesOf(trainable, 'training');
  const { end } = layout.programs.get(programs[0]!)!;
  const places = new Map(ranges.map(({ name, from }) => [name, from]));
  for (const one of parameters) expect(places.get(one.name)! < end, one.name).toBe(isStored(one));
  expect(places.get('arena')).toBeLessThan(end);
  expect(places.get('training/arena')).toBeGreaterThanOrEqual(end);
  expect(ranges.at(-1)!.name).toBe('halves');
  expect(pagesFor(65536)).toBe(1);
  expect(pagesFor(65537)).toBe(2);
});

it('what only prepare needs shares the memory of the activations, call by call', () => {
  const { compiled, programs, layout } = rangesOf(trainable, 'inference');
  const { staged, arena, end } = layout.programs.get(programs[0]!)!;
  const { plan, reads } = compiled.canonical!.staging;
  expect(staged.size).toBeGreaterThan(2);
  const ranges = [...staged].map(([id, from]) => {
    const { length, name } = compiled.program.buffers[id]!;
    return { name, from, to: from + 4 * length, lifetime: plan.placements.get(id)!.lifetime };
  });
  for (const { name, from, to } of ranges) {
    expect(from, name).toBeGreaterThanOrEqual(arena);
    expect(to, name).toBeLessThanOrEqual(end);
  }
  for (const a of ranges)
    for (const b of ranges) {
      const atOnce = a.lifetime.from <= b.lifetime.to && b.lifetime.from <= a.lifetime.to;
      // A result may take the memory of an operand that is last used by its call.
      const takesOver =
        a.from === b.from && (a.lifetime.to === b.lifetime.from || b.lifetime.to === a.lifetime.from);
      if (a !== b && atOnce && !takesOver)
        expect(a.to <= b.from || b.to <= a.from, `${a.name} and ${b.name}`).toBe(true);
    }
  // Each parameter is read once, and right before the first call that needs it.
  const names = reads.flat();
  expect(new Set(names).size).toBe(names.length);
  reads.forEach((ids, call) => {
    for (const id of ids) expect(plan.placements.get(id)?.lifetime.from ?? call).toBe(call);
  });
});

it('packed weights lie in memory as in the file, up to those that fill no cache line', async () => {
  const { compiled, programs, layout } = rangesOf(lenet5, 'packed weights');
  const { weights } = layout.programs.get(programs[0]!)!;
  const order = weightFileOrder(compiled.program);
  expect([...weights.keys()]).toEqual(order.map(({ id }) => id));
  const whole = order.filter(({ length }) => length % 16 === 0);
  expect(whole.length).toBeGreaterThan(2);
  let end = 0;
  for (const { id, length } of whole) {
    expect(weights.get(id)).toBe(end);
    end += 4 * length;
  }
  const { files } = await compile(lenet5, { ...options, packedWeights: true });
  const stored = parseSafetensors(files.get('weights.safetensors') as Uint8Array);
  expect([...stored.values()].map(({ data }) => data.length)).toEqual(order.map(({ length }) => length));
}, 60_000);

it('a model that is too large for 32-bit addresses is refused before anything is written', async () => {
  const refused = compile(lenet5, { ...options, batch: 200_000 });
  await expect(refused).rejects.toThrow(
    /^wasm at lenet5: it needs [\d.]+ GB, but the memory of WebAssembly has at most 4\.29 GB/,
  );
}, 60_000);

describe.each(immediateTargetNames)('layers.json for %s', (target) => {
  interface Call {
    readonly kernel: string;
    readonly args: readonly string[];
    readonly multiplyAdds: number;
  }
  interface Layers {
    readonly name: string;
    readonly target: string;
    readonly phases: Readonly<Record<string, readonly Call[]>>;
  }

  it(
    'lists every call as the phases make it',
    async () => {
      const settings = { ...options, targets: [target], training: { optimizer: 'sgd' } } as const;
      const { files } = await compile(classifier, settings);
      for (const folder of ['', 'training/']) {
        const layers = JSON.parse(files.get(`${folder}layers.json`) as string) as Layers;
        expect([layers.name, layers.target]).toEqual(['pets', target]);
        for (const [phase, calls] of Object.entries(layers.phases)) {
          const source = (files.get(`${folder}${phase}.js`) as string)
            .replace(/\s+/g, '')
            .replace(/,\)/g, ')');
          const prefix = target === 'wasm' ? 'k.' : '';
          for (const { kernel, args } of calls)
            expect(source).toContain(`${prefix}${kernel}(${args.join(',')});`);
        }
      }
      const { phases } = JSON.parse(files.get('layers.json') as string) as Layers;
      expect(Object.keys(phases)).toContain('forward');
      expect(phases['forward']!.some(({ multiplyAdds }) => multiplyAdds > 1000)).toBe(true);
    },
    COMPILE_TIMEOUT,
  );
});
