/** Whole shaders of small kernels, each of which Tint's front end takes. */
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { buildKernel, type KernelBuilder } from '../../../compiler/kernel/builder.ts';
import {
  add,
  cast,
  constant,
  exp,
  f32Const,
  fma,
  lane,
  log,
  lt,
  mul,
  select,
  shl,
  shr,
  splat,
  sub,
  tanh,
  vector,
} from '../../../compiler/kernel/expression.ts';
import { INVOCATION, WORKGROUP } from '../../../compiler/kernel/grid.ts';
import { dispatchesOf } from '../../../compiler/kernel/parts.ts';
import { parallelize } from '../../../compiler/kernel/passes/parallelize.ts';
import type { Expr, Kernel } from '../../../compiler/kernel/types.ts';
import { verifyKernel } from '../../../compiler/kernel/verifier.ts';
import { bindRegions, type Region } from '../../../compiler/targets/webgpu/bindings.ts';
import { bindKernel, dispatchSize } from '../../../compiler/targets/webgpu/shaders.ts';
import { RESERVED } from '../../../compiler/targets/webgpu/words.ts';
import { folded, trees, VARIABLES } from '../../support/expressions.ts';
import { validateShader, validatingDevice } from '../../support/gpu.ts';
import { apart, gridKernel, region, shaderOf, SMALL_GRID } from './kernels.ts';

const printed: string[] = [];

/** Every shader of this file passes Tint. */
const shader = (kernel: Kernel, regions?: readonly Region[]): string => {
  const code = shaderOf(kernel, regions);
  printed.push(code);
  return code;
};

afterEach(async () => {
  const gpu = await validatingDevice();
  for (const code of printed.splice(0)) expect(await validateShader(gpu, code), code).toEqual([]);
});

const ELEMENT = add(mul(WORKGROUP, 16), INVOCATION);
const FLOATS = ['x: read f32[64]', 'out: readWrite f32[64]'];

describe('shaders', () => {
  it('of plain loops', () => {
    const kernel = buildKernel(
      { name: 'twice', comment: ['Twice.', 'By loops.'], buffers: gridKernel(FLOATS, () => {}).buffers },
      (k) => k.forEach(['i'], [50], ([i]) => k.store('out', i!, mul(k.load('x', i!), 2))),
    );
    expect(shader(verifyKernel(dispatchesOf(parallelize(kernel))[0]!.kernel))).toMatchInlineSnapshot(`
      "// Twice.
      // By loops.
      @group(0) @binding(0) var<storage, read_write> x: array<f32, 64>;
      @group(0) @binding(1) var<storage, read_write> out: array<f32, 64>;

      @compute @workgroup_size(64)
      fn main(@builtin(local_invocation_index) invocationIndex: u32) {
        let invocation = i32(invocationIndex);
        let element: i32 = invocation;
        if (element < 50) {
          let i: i32 = element;
          out[i] = x[i] * 2.0;
        }
      }
      "
    `);
  });

  it('with memory of a workgroup, barriers and vectors', () => {
    const grid = { ...SMALL_GRID, shared: [{ name: 'tile', length: 64 }] };
    const kernel = gridKernel(
      ['x: read f32[256]', 'w: read f32[4]', 'out: write f32[256]'],
      (k) => {
        const four = k.let('four', mul(ELEMENT, 4));
        k.store('tile', mul(INVOCATION, 4), k.load('x', four, 'f32x4'));
        k.barrier();
        const other = k.let('other', k.load('tile', sub(60, mul(INVOCATION, 4)), 'f32x4'));
        k.store(
          'out',
          four,
          fma(other, splat(k.load('w', 1)), vector(lane(other, 3), f32Const(0), f32Const(0.5), f32Const(1))),
        );
      },
      grid,
    );
    expect(shader(kernel)).toMatchInlineSnapshot(`
      "@group(0) @binding(0) var<storage, read_write> x: array<vec4f, 64>;
      @group(0) @binding(1) var<storage, read_write> w: array<f32, 4>;
      @group(0) @binding(2) var<storage, read_write> out: array<vec4f, 64>;
      var<workgroup> tile: array<vec4f, 16>;

      @compute @workgroup_size(16)
      fn main(@builtin(workgroup_id) workgroupId: vec3u, @builtin(local_invocation_index) invocationIndex: u32) {
        let workgroup = i32(workgroupId.x);
        let invocation = i32(invocationIndex);
        let four: i32 = (workgroup * 16 + invocation) * 4;
        tile[invocation] = x[four >> 2u];
        workgroupBarrier();
        let other: vec4f = tile[15 - invocation];
        out[four >> 2u] = fma(other, vec4f(w[1]), vec4f(other.w, 0.0, 0.5, 1.0));
      }
      "
    `);
  });

  it('where a result stands in the place of an operand, and numbers follow its first', () => {
    const kernel = gridKernel(FLOATS, (k) => k.store('out', ELEMENT, mul(k.load('x', ELEMENT), 2)));
    expect(shader(kernel, [region(272, 256), region(272, 256)])).toMatchInlineSnapshot(`
      "@group(0) @binding(0) var<storage, read_write> x_out: array<f32, 68>;

      @compute @workgroup_size(16)
      fn main(@builtin(workgroup_id) workgroupId: vec3u, @builtin(local_invocation_index) invocationIndex: u32) {
        let workgroup = i32(workgroupId.x);
        let invocation = i32(invocationIndex);
        x_out[workgroup * 16 + invocation + 4] = x_out[workgroup * 16 + invocation + 4] * 2.0;
      }
      "
    `);
  });

  it('where numbers of several types share a range, which holds bits', () => {
    const kernel = gridKernel(
      ['labels: read i32[4]', 'x: read f32[64]', 'mask: write u32[4]', 'out: write f32[64]'],
      (k) => {
        const label = k.let('label', k.load('labels', WORKGROUP));
        k.store('mask', WORKGROUP, cast(label, 'u32'));
        k.store('out', ELEMENT, k.load('x', label));
        k.store('out', 0, k.load('x', 4, 'f32x4'));
      },
    );
    const regions = [region(0, 16), region(16, 256), region(272, 16), region(288, 256)];
    expect(shader(kernel, regions)).toMatchInlineSnapshot(`
      "@group(0) @binding(0) var<storage, read_write> labels_x_mask_out: array<u32, 136>;

      @compute @workgroup_size(16)
      fn main(@builtin(workgroup_id) workgroupId: vec3u, @builtin(local_invocation_index) invocationIndex: u32) {
        let workgroup = i32(workgroupId.x);
        let invocation = i32(invocationIndex);
        let label: i32 = bitcast<i32>(labels_x_mask_out[workgroup]);
        labels_x_mask_out[workgroup + 68] = u32(label);
        labels_x_mask_out[workgroup * 16 + invocation + 72] = bitcast<u32>(bitcast<f32>(labels_x_mask_out[label + 4]));
        let stored: vec4f = vec4f(bitcast<f32>(labels_x_mask_out[8]), bitcast<f32>(labels_x_mask_out[9]), bitcast<f32>(labels_x_mask_out[10]), bitcast<f32>(labels_x_mask_out[11]));
        labels_x_mask_out[72] = bitcast<u32>(stored.x);
        labels_x_mask_out[73] = bitcast<u32>(stored.y);
        labels_x_mask_out[74] = bitcast<u32>(stored.z);
        labels_x_mask_out[75] = bitcast<u32>(stored.w);
      }
      "
    `);
  });

  it('of weights, which are read only', () => {
    const kernel = gridKernel(FLOATS, (k) => k.store('out', ELEMENT, k.load('x', ELEMENT)));
    const [first] = shader(kernel, [region(0, 256, 'weights'), region(0, 256)]).split('\n');
    expect(first).toBe('@group(0) @binding(0) var<storage, read> x: array<f32, 64>;');
  });
});

describe('vectors', () => {
  const kernel = gridKernel(['x: read f32[64]', 'out: write f32[64]'], (k) =>
    k.store('out', mul(ELEMENT, 4), k.load('x', mul(ELEMENT, 4), 'f32x4')),
  );
  const areVectors = (regions: readonly Region[]): boolean[] => {
    shader(kernel, regions);
    return bindKernel(kernel, bindRegions(kernel, regions)).bindings.map(({ isVector }) => isVector);
  };

  it('are those of a range that all of its buffers see so', () => {
    expect(areVectors(apart(kernel))).toEqual([true, true]);
    expect(areVectors([region(0, 256), region(256, 256)])).toEqual([true, true]);
  });

  it('are none where a buffer begins between them', () => {
    // A part of a concatenation of 5 channels: aligned to 4 bytes only.
    expect(areVectors([region(1024, 256), region(20, 256)])).toEqual([true, false]);
    expect(areVectors([region(256, 256), region(20, 256)])).toEqual([false]);
    expect(areVectors([region(1024, 256), region(32, 256)])).toEqual([true, true]);
  });
});

describe('names', () => {
  it('of buffers and of what is in the body stay apart', () => {
    const kernel = gridKernel(
      ['a: read f32[64]', 'b: readWrite f32[64]', 'a_b_2: read f32[64]', 'array: read f32[64]'],
      (k) => {
        const a_b = k.let('a_b', k.load('a', ELEMENT));
        const array_ = k.let('array_', k.load('array', ELEMENT));
        k.store('b', ELEMENT, add(add(a_b, array_), k.load('a_b_2', ELEMENT)));
      },
    );
    const regions = [region(0, 256), region(0, 256), region(4096, 256), region(8192, 256)];
    const names = bindKernel(kernel, bindRegions(kernel, regions)).bindings.map(({ name }) => name);
    expect(names).toEqual(['a_b_2', 'a_b_2_2', 'array__2']);
    shader(kernel, regions);
  });

  it.each([...RESERVED])('may be %s in the kernel', (word) => {
    const grid = { ...SMALL_GRID, shared: [{ name: 'tile', length: 4 }] };
    const buffers = (name: string) => ['x: read f32[64]', `${name}: write f32[64]`];
    const use = (name: string) => (k: KernelBuilder) => k.store(name, ELEMENT, 1);
    if (/^[a-z]\w*$/i.test(word)) shader(gridKernel(buffers(word), use(word), grid));
    shader(
      gridKernel(buffers('out'), (k) => {
        const named = k.variable(word, mul(k.load('x', ELEMENT), 2));
        k.assign(named, add(named, 1));
        k.store('out', ELEMENT, named);
      }),
    );
  });
});

describe('many workgroups', () => {
  const kernelOver = (workgroups: number, build: (k: KernelBuilder) => void): Kernel =>
    gridKernel(['out: write f32[64]'], build, {
      ...{ workgroups, invocations: 1 },
      shared: [{ name: 'tile', length: 1 }],
    });

  it.each([
    [1, [1, 1]],
    [65_535, [65_535, 1]],
    [65_536, [32_768, 2]],
    [65_537, [32_768, 3]],
  ])('%i are dispatched as %j', (workgroups, size) => {
    expect(dispatchSize({ ...SMALL_GRID, workgroups })).toEqual(size);
  });

  it('that are too many for a row know their number, and those beyond leave', () => {
    const kernel = kernelOver(70_000, (k) => k.store('out', 0, 1));
    expect(shader(kernel)).toMatchInlineSnapshot(`
      "@group(0) @binding(0) var<storage, read_write> out: array<f32, 64>;
      var<workgroup> tile: array<vec4f, 1>;

      @compute @workgroup_size(1)
      fn main(@builtin(workgroup_id) workgroupId: vec3u) {
        let workgroup = i32(workgroupId.y * 32768u + workgroupId.x);
        if (workgroup >= 70000) { return; }
        out[0] = 1.0;
      }
      "
    `);
  });

  it('of several rows may wait at barriers: whole workgroups leave', () => {
    const kernel = kernelOver(70_000, (k) => {
      k.store('tile', 0, 1);
      k.barrier();
      k.store('out', 0, k.load('tile', 0));
    });
    expect(shader(kernel)).toContain('workgroupBarrier();');
  });
});

describe('expressions', () => {
  const stored = (element: 'f32' | 'i32', e: (k: KernelBuilder) => Expr): string => {
    const code = shader(
      gridKernel(['x: read f32[64]', `out: write ${element}[64]`], (k) => k.store('out', ELEMENT, e(k))),
    );
    return /^ {2}out\[.*?\] = (.*);$/m.exec(code)![1]!;
  };

  it.each<[number, string]>([
    [1, '1.0'],
    [-0, '-0.0'],
    [1e-7, '1e-7'],
    [2 ** 30, '1073741824.0'],
    [3.4028234663852886e38, '3.4028234663852886e+38'],
    [Infinity, 'fromBits(2139095040u)'],
    [-Infinity, 'fromBits(4286578688u)'],
    [NaN, 'fromBits(2143289344u)'],
    // Rounds to infinity.
    [1e39, 'fromBits(2139095040u)'],
  ])('%d', (value, text) => expect(stored('f32', () => f32Const(value))).toBe(text));

  it.each<[string, (k: KernelBuilder) => Expr, string]>([
    ['negative constants after a minus', (k) => sub(k.load('x', 0), -2), 'x[0] - -2.0'],
    [
      'choices between comparisons',
      () => select(lt(INVOCATION, 4), f32Const(1), 2),
      'select(2.0, 1.0, (invocation < 4))',
    ],
    ['functions that are not promised', (k) => tanh(k.load('x', 0)), 'hyperbolicTangent(x[0])'],
    ['logarithms of one and more', (k) => log(add(1, k.load('x', 0))), 'logOnePlus(x[0])'],
    ['functions that are', (k) => exp(k.load('x', 0)), 'exp(x[0])'],
  ])('%s', (_name, e, text) => expect(stored('f32', e)).toContain(text));

  it.each<[string, Expr, string]>([
    ['by a constant', shl(INVOCATION, constant(2)), 'invocation << 2u'],
    ['by a variable', shr(INVOCATION, WORKGROUP), 'invocation >> u32(workgroup)'],
    ['of a sum', shr(add(INVOCATION, WORKGROUP), constant(1)), '(invocation + workgroup) >> 1u'],
  ])('shifts of i32 %s', (_name, e, text) => expect(stored('i32', () => e)).toBe(text));

  it('of integers, whatever they are', async () => {
    const all = fc.sample(trees, { numRuns: 200, seed: 83 }).map(folded);
    const kernel = gridKernel(['out: write i32[200]'], (k) => {
      const names = VARIABLES.map((name) => k.variable(name, INVOCATION));
      expect(names.map((e) => e.kind === 'var' && e.name)).toEqual([...VARIABLES]);
      all.forEach((e, i) => k.store('out', i, e));
    });
    shader(kernel);
  });
});

it('a kernel without a grid is none', () => {
  const plain = buildKernel({ name: 'plain', buffers: [] }, () => {});
  expect(() => bindKernel(plain, { ranges: [], arguments: [] })).toThrow('kernel plain has no grid');
});
