/**
 * What is different with relaxed SIMD: the sizes of register tiles, and the kernels of the two modules. Rows of 1x1
 * convolutions that become one, and functions of several kernels.
 */
import { describe, expect, it } from 'vitest';
import { lower } from '../../compiler/lowering/lower.ts';
import type { ScheduleRequest, ScheduleRule } from '../../compiler/lowering/target.ts';
import { deduplicateKernels } from '../../compiler/program/deduplicate.ts';
import { rowsToJoin } from '../../compiler/targets/wasm/schedules/conv2d/joinRows.ts';
import {
  relaxedPixels,
  relaxedRows,
  rowTiles,
} from '../../compiler/targets/wasm/schedules/shared/tileSize.ts';
import { wasmTarget } from '../../compiler/targets/wasm/target.ts';
import { shareFunctions } from '../../compiler/targets/wasm/shareFunctions.ts';
import { moduleKernels, RELAXED } from '../../compiler/targets/wasm/variants.ts';
import { fusedGraph, type Shape } from '../support/convShapes.ts';

describe('register tiles with relaxed SIMD', () => {
  it('divide the pixels of a row well', () => {
    // 56 = 9 x 6 + 2, and three rows of the rest are one tile of 6.
    expect(relaxedPixels(56, 56)).toBe(6);
    // 49 = 9 x 5 + 4.
    expect(relaxedPixels(1, 49)).toBe(5);
    expect(relaxedPixels(1, 8)).toBe(4);
  });

  it('divide the rows of a product evenly', () => {
    expect(rowTiles(16, 6)).toEqual([
      { rows: 6, count: 1 },
      { rows: 5, count: 2 },
    ]);
    expect(rowTiles(12, 6)).toEqual([{ rows: 6, count: 2 }]);
    expect(rowTiles(3, 6)).toEqual([{ rows: 3, count: 1 }]);
    for (let rows = 1; rows <= 100; rows++) {
      const tiles = rowTiles(rows, relaxedRows(rows));
      expect(tiles.reduce((sum, tile) => sum + tile.rows * tile.count, 0)).toBe(rows);
      expect(Math.max(...tiles.map((tile) => tile.rows))).toBeLessThanOrEqual(6);
    }
  });
});

const POINTWISE: Shape = { image: [1, 16, 7, 7], outputs: 24, kernel: [1, 1], padding: [0, 0, 0, 0] };

describe('the modules of a program', () => {
  const [program] = deduplicateKernels([lower(fusedGraph(POINTWISE), wasmTarget)]);
  const call = program!.phases.flatMap(({ calls }) => calls).find(({ variants }) => variants)!;

  it('have the same names and parameters', () => {
    const [plain, relaxed] = [false, true].map((one) => moduleKernels([program!], { relaxed: one }));
    const facts = (kernels: typeof plain) => kernels!.map(({ name, buffers }) => ({ name, buffers }));
    expect(facts(relaxed)).toEqual(facts(plain));
  });

  it('have different kernels where the tile is different', () => {
    const kernelOf = (relaxed: boolean) =>
      moduleKernels([program!], { relaxed }).find(({ name }) => name === call.kernel.name)!;
    expect(kernelOf(false).body).toBe(call.kernel.body);
    expect(kernelOf(true).body).toBe(call.variants![RELAXED]!.kernel.body);
    expect(call.schedule).toContain('4 pixels x 8 channels');
    expect(call.variants![RELAXED]!.schedule).toContain('5 pixels x 8 channels');
  });
});

describe('rows of a 1x1 convolution', () => {
  const joined = (shape: Shape): number => {
    let rows = 0;
    const conv2d: ScheduleRule<'conv2d'> = (request: ScheduleRequest<'conv2d'>) => {
      rows = rowsToJoin(request);
      return wasmTarget.schedules.conv2d!(request);
    };
    lower(fusedGraph(shape), { ...wasmTarget, schedules: { ...wasmTarget.schedules, conv2d } });
    return rows;
  };

  it('become one row if they follow each other', () => expect(joined(POINTWISE)).toBe(7));
  it('become fewer rows if the image is larger than the cache', () => {
    const rows = joined({ ...POINTWISE, image: [1, 256, 56, 56] });
    expect(rows).toBeGreaterThan(1);
    expect(56 % rows).toBe(0);
    expect(rows * 56 * 256 * 4).toBeLessThanOrEqual(512 * 1024);
  });
  it('stay rows if the convolution has a stride, padding, a larger window or one column', () => {
    expect(joined({ ...POINTWISE, stride: [2, 2] })).toBe(1);
    expect(joined({ ...POINTWISE, padding: [1, 1, 1, 1] })).toBe(1);
    expect(joined({ ...POINTWISE, image: [1, 16, 7, 1] })).toBe(1);
    expect(joined({ ...POINTWISE, kernel: [3, 3], padding: [1, 1, 1, 1] })).toBe(1);
  });
});

describe('functions of a module', () => {
  const body = ['i32.store', ['local.get', '$at'], ['i32.const', '1']];
  const kernel = (name: string, called: string) => [
    'func',
    `$${name}`,
    ['export', `"${name}"`],
    ['if', ['i32.const', '1'], ['then', ['call', `$${called}`, ['i32.const', '0']]]],
  ];
  const part = (name: string, parameter: string) => ['func', `$${name}`, ['param', parameter, 'i32'], body];

  it('that are equal are printed once, and calls have the name of the first', () => {
    const shared = shareFunctions([
      ...[kernel('a', 'a.row'), part('a.row', '$at')],
      ...[kernel('b', 'b.row'), part('b.row', '$at')],
    ]);
    expect(shared).toEqual([kernel('a', 'a.row'), part('a.row', '$at'), kernel('b', 'a.row')]);
  });

  it('stay if they differ, and if they are kernels', () => {
    const all = [
      ...[kernel('a', 'a.row'), part('a.row', '$at'), kernel('b', 'b.row'), part('b.row', '$other')],
      kernel('c', 'a.row'),
    ];
    expect(shareFunctions(all)).toEqual(all);
  });
});
