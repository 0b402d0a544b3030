/** The text of vectorized loops. */
import { describe, expect, it } from 'vitest';
import { f32 } from '../../compiler/ir/types.ts';
import { max } from '../../compiler/kernel/expression.ts';
import { printKernel } from '../../compiler/kernel/printer.ts';
import { definitionOf } from '../../compiler/ops/index.ts';
import { buffer, kernel, nhwc, plainKernel, vectorized } from './vectorizing.ts';

describe('the kernels read like written ones', () => {
  it('relu', () => {
    const relu = kernel([buffer('x', 11), buffer('out', 11, 'write')], (k) =>
      k.forEach(['i'], [11], ([i]) => k.store('out', i!, max(k.load('x', i!), 0))),
    );
    expect(printKernel(vectorized(relu))).toMatchInlineSnapshot(`
      "kernel kernel(x: read f32[11], out: write f32[11]) {
        // 4 at a time
        for i in 0..8 step 4 {
          out[i] = max(x[i], f32x4(0))
        }
        // the last 3
        for i in 8..11 {
          out[i] = max(x[i], 0)
        }
      }"
    `);
  });

  it('a pool, channels last', () => {
    const sample = {
      inputs: [f32(1, 24, 4, 4)],
      attrs: definitionOf('maxPool').samples[0]!.attrs,
    };
    expect(printKernel(vectorized(plainKernel('maxPool', sample, nhwc)))).toMatchInlineSnapshot(`
      "kernel maxPool(x: read f32[384], out: write f32[96]) {
        for oy in 0..2 {
          for ox in 0..2 {
            // 16 at once
            {
              let firstRow: i32 = oy * 2
              let firstColumn: i32 = ox * 2
              let xAt: i32 = firstRow * 96 + firstColumn * 24
              var best: f32x4 = x[xAt]
              var best_2: f32x4 = x[xAt + 4]
              var best_3: f32x4 = x[xAt + 8]
              var best_4: f32x4 = x[xAt + 12]
              for ky in 0..2 {
                let row: i32 = oy * 2 + ky
                for kx in 0..2 {
                  let column: i32 = ox * 2 + kx
                  let xAt_2: i32 = row * 96 + column * 24
                  best = max(best, x[xAt_2])
                  best_2 = max(best_2, x[xAt_2 + 4])
                  best_3 = max(best_3, x[xAt_2 + 8])
                  best_4 = max(best_4, x[xAt_2 + 12])
                }
              }
              let outAt: i32 = oy * 48 + ox * 24
              out[outAt] = best
              out[outAt + 4] = best_2
              out[outAt + 8] = best_3
              out[outAt + 12] = best_4
            }
            // the next 8
            {
              let firstRow: i32 = oy * 2
              let firstColumn: i32 = ox * 2
              let xAt: i32 = firstRow * 96 + firstColumn * 24
              var best: f32x4 = x[xAt + 16]
              var best_2: f32x4 = x[xAt + 20]
              for ky in 0..2 {
                let row: i32 = oy * 2 + ky
                for kx in 0..2 {
                  let column: i32 = ox * 2 + kx
                  let xAt_2: i32 = row * 96 + column * 24
                  best = max(best, x[xAt_2 + 16])
                  best_2 = max(best_2, x[xAt_2 + 20])
                }
              }
              let outAt: i32 = oy * 48 + ox * 24
              out[outAt + 16] = best
              out[outAt + 20] = best_2
            }
          }
        }
      }"
    `);
  });

  it('softmax along the rows', () => {
    const sample = { inputs: [f32(5, 10)], attrs: { axis: 1 } };
    expect(printKernel(vectorized(plainKernel('softmax', sample, nhwc)))).toMatchInlineSnapshot(`
      "kernel softmax(x: read f32[50], out: write f32[50]) {
        for n in 0..5 {
          var largest: f32 = x[n * 10]
          // largest in lanes
          {
            var largestLanes: f32x4 = f32x4(largest)
            var largestLanes_2: f32x4 = f32x4(largest)
            // 8 at once
            {
              let xAt: i32 = n * 10
              largestLanes = max(largestLanes, x[xAt])
              largestLanes_2 = max(largestLanes_2, x[xAt + 4])
            }
            // the last 2
            for c in 8..10 {
              largest = max(largest, x[n * 10 + c])
            }
            let largestTotal: f32x4 = max(largestLanes, largestLanes_2)
            largest = max(largest, max(max(largestTotal[0], largestTotal[1]), max(largestTotal[2], largestTotal[3])))
          }
          var sum: f32 = 0
          // sum in lanes
          {
            var sumLanes: f32x4 = f32x4(0)
            // 4 at a time
            for c in 0..8 step 4 {
              sumLanes += exp(x[n * 10 + c] - f32x4(largest))
            }
            // the last 2
            for c in 8..10 {
              sum += exp(x[n * 10 + c] - largest)
            }
            sum += sumLanes[0] + sumLanes[1] + (sumLanes[2] + sumLanes[3])
          }
          // 4 at a time
          for c in 0..8 step 4 {
            out[n * 10 + c] = exp(x[n * 10 + c] - f32x4(largest)) / f32x4(sum)
          }
          // the last 2
          for c in 8..10 {
            out[n * 10 + c] = exp(x[n * 10 + c] - largest) / sum
          }
        }
      }"
    `);
  });

  it('layer norm', () => {
    const inputs = [f32(3, 96), f32(96), f32(96)];
    const one = plainKernel('layerNorm', { inputs, attrs: { normalizedRank: 1, epsilon: 1e-5 } }, nhwc);
    expect(printKernel(vectorized(one))).toMatchInlineSnapshot(`
      "kernel layerNorm(x: read f32[288], weight: read f32[96], bias: read f32[96], out: write f32[288]) {
        for n in 0..3 {
          var sum: f32 = 0
          // sum in lanes
          {
            var sumLanes: f32x4 = f32x4(0)
            var sumLanes_2: f32x4 = f32x4(0)
            var sumLanes_3: f32x4 = f32x4(0)
            var sumLanes_4: f32x4 = f32x4(0)
            // 16 at a time
            for c in 0..96 step 16 {
              let xAt: i32 = n * 96 + c
              sumLanes += x[xAt]
              sumLanes_2 += x[xAt + 4]
              sumLanes_3 += x[xAt + 8]
              sumLanes_4 += x[xAt + 12]
            }
            let sumTotal: f32x4 = sumLanes + sumLanes_2 + (sumLanes_3 + sumLanes_4)
            sum += sumTotal[0] + sumTotal[1] + (sumTotal[2] + sumTotal[3])
          }
          let mean: f32 = sum / 96
          var squares: f32 = 0
          // squares in lanes
          {
            var squaresLanes: f32x4 = f32x4(0)
            var squaresLanes_2: f32x4 = f32x4(0)
            var squaresLanes_3: f32x4 = f32x4(0)
            var squaresLanes_4: f32x4 = f32x4(0)
            // 16 at a time
            for c in 0..96 step 16 {
              let meanLanes: f32x4 = f32x4(mean)
              let xAt: i32 = n * 96 + c
              let difference: f32x4 = x[xAt] - meanLanes
              let difference_2: f32x4 = x[xAt + 4] - meanLanes
              let difference_3: f32x4 = x[xAt + 8] - meanLanes
              let difference_4: f32x4 = x[xAt + 12] - meanLanes
              squaresLanes += difference * difference
              squaresLanes_2 += difference_2 * difference_2
              squaresLanes_3 += difference_3 * difference_3
              squaresLanes_4 += difference_4 * difference_4
            }
            let squaresTotal: f32x4 = squaresLanes + squaresLanes_2 + (squaresLanes_3 + squaresLanes_4)
            squares += squaresTotal[0] + squaresTotal[1] + (squaresTotal[2] + squaresTotal[3])
          }
          let inverse: f32 = 1 / sqrt(squares / 96 + 0.00001)
          // 4 at a time
          for c in 0..96 step 4 {
            out[n * 96 + c] = (x[n * 96 + c] - f32x4(mean)) * f32x4(inverse) * weight[c] + bias[c]
          }
        }
      }"
    `);
  });

  it("max pooling's gradient, which counts under masks", () => {
    const [sample] = definitionOf('maxPoolGradient').samples;
    const inputs = sample!.inputs.map(({ shape }) => f32(1, 4, ...shape.slice(2)));
    const one = plainKernel('maxPoolGradient', { inputs, attrs: sample!.attrs }, nhwc);
    expect(printKernel(vectorized(one))).toMatchInlineSnapshot(`
      "kernel maxPoolGradient(gradient: read f32[48], x: read f32[192], result: read f32[48], out: write f32[192]) {
        for oy in 0..6 {
          for ox in 0..8 {
            // 4 at once
            {
              let value: f32x4 = x[oy * 32 + ox * 4]
              var sum: f32x4 = f32x4(0)
              let oy_2: i32 = oy / 2
              let ox_2: i32 = ox / 2
              // lane by lane
              {
                let mask: boolx4 = value == result[oy_2 * 16 + ox_2 * 4]
                let ky: i32 = oy - oy_2 * 2
                let kx: i32 = ox - ox_2 * 2
                var earlier: f32x4 = f32x4(0)
                for by in 0..ky + 1 {
                  for bx in 0..2 {
                    earlier = mask ? earlier + (by < ky || bx < kx ? (x[(oy_2 * 2 + by) * 32 + (ox_2 * 2 + bx) * 4] == value ? f32x4(1) : f32x4(0)) : f32x4(0)) : earlier
                  }
                }
                // lane by lane
                {
                  let mask_2: boolx4 = mask & (earlier == f32x4(0))
                  sum = mask_2 ? sum + gradient[oy_2 * 16 + ox_2 * 4] : sum
                }
              }
              out[oy * 32 + ox * 4] = sum
            }
          }
        }
      }"
    `);
  });
});
