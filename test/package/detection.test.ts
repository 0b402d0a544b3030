/** The packages of detectors: `detect` makes the boxes of the outputs that runtime/detection.ts makes. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { defineModel, type Detector, type Model } from 'cnnc';
import { compiledModel } from '../support/compiled.ts';
import { detectorFor } from '../../compiler/frontend/model.ts';
import { writePackage } from '../../compiler/host/writePackage.ts';
import { immediateTargetNames } from '../support/targets.ts';
import { anchorBoxes, detect, type Detection, type Thresholds } from '../../runtime/detection.ts';
import { createFolders } from '../support/folders.ts';
import { zooModel } from '../support/models.ts';
import { detector } from '../support/packageModels.ts';
import { COMPILE_TIMEOUT, compilePackage, randomInputs, type Tensors } from '../support/packages.ts';

interface Outputs {
  readonly scores: Float32Array;
  readonly boxes: Float32Array;
}

interface DetectorPackage {
  load(options?: { target: string }): Promise<{ forward(inputs: Tensors): Outputs }>;
  detect(outputs: Outputs, thresholds?: Thresholds): Detection[];
}

const newFolder = createFolders();

describe('a package of a detector', () => {
  /** Number of anchors of the detector's levels, for 32x16 pixels. */
  const anchors = anchorBoxes(
    [
      { map: [2, 4], sizes: [12, 20] },
      { map: [1, 2], sizes: [24] },
    ],
    { width: 32, height: 16 },
  );
  const variances = { centre: 0.2, size: 0.4 };
  let folder: string;
  beforeAll(async () => {
    folder = newFolder();
    writePackage(folder, await compilePackage(detector, 'model.ts', { targets: immediateTargetNames }));
  }, COMPILE_TIMEOUT);

  it.each(['.', ...immediateTargetNames])('finds the boxes of its outputs: %s', async (place) => {
    const file = pathToFileURL(join(folder, place, 'index.js')).href;
    const { load, detect: found } = (await import(file)) as DetectorPackage;
    // Only the package as a whole has a choice.
    const model = await load(place === '.' ? { target: 'typescript' } : undefined);
    const outputs = model.forward(randomInputs(detector));
    const { scores, boxes } = outputs;
    const expected = detect(scores, boxes, { anchors, variances, score: 0.4, overlap: 0.3 });
    expect(found(outputs)).toEqual(expected);
    const all = { score: 0, overlap: 1 };
    expect(found(outputs, all)).toEqual(detect(scores, boxes, { anchors, variances, ...all }));
    expect(found(outputs, { score: 0 })).toEqual(
      detect(scores, boxes, { anchors, variances, score: 0, overlap: 0.3 }),
    );
    // Neither threshold of the model lets everything through, nor nothing.
    expect(expected.length).toBeGreaterThan(1);
    expect(found(outputs, { overlap: 1 }).length).toBeGreaterThan(expected.length);
    expect(found(outputs, all).length).toBeGreaterThan(found(outputs, { overlap: 1 }).length);
  });
});

describe('the anchors of ultraface', () => {
  it('follow the size of the image', async () => {
    const model = await zooModel('ultraface');
    const mapsOf = (height: number, width: number, anchors: number) => {
      const outputs = {
        scores: { dtype: 'f32', shape: [1, anchors, 2] },
        boxes: { dtype: 'f32', shape: [1, anchors, 4] },
      } as const;
      const fitted = detectorFor(model, { image: { dtype: 'f32', shape: [1, 3, height, width] } }, outputs);
      return fitted?.levels.map(({ map }) => map.join('x'));
    };
    expect(mapsOf(240, 320, 4420)).toEqual(['30x40', '15x20', '8x10', '4x5']);
    expect(mapsOf(480, 640, 17640)).toEqual(['60x80', '30x40', '15x20', '8x10']);
  });
});

describe('what does not fit is diagnosed', () => {
  const levels = [{ stride: 4, sizes: [4] }];
  const valid: Detector = { scores: 'scores', boxes: 'boxes', levels };
  const model = (detection: unknown, shape = [1, 3, 8, 8]): Model =>
    defineModel({
      name: 'net',
      inputs: { image: shape },
      detection: detection as Detector,
      build: (net, { image }) => ({
        scores: net.reshape(net.conv2d('s', image, { channels: 2, kernel: 4, stride: 4 }), {
          shape: [1, 4, 2],
        }),
        boxes: net.reshape(net.conv2d('b', image, { channels: 4, kernel: 4, stride: 4 }), {
          shape: [1, 4, 4],
        }),
        map: image,
      }),
    });

  it.each([
    [
      3,
      'detection: the options are 3, expected an object with scores, boxes, levels, variances, score, overlap',
    ],
    [{ ...valid, level: [] }, 'detection: unknown option level, did you mean levels?'],
    [{ ...valid, scores: 1 }, 'detection: the option scores is 1, expected the name of an output'],
    [
      { ...valid, levels: [] },
      'detection: the option levels is [], expected a list of levels, each with stride and sizes',
    ],
    [
      { ...valid, levels: [{ stride: 0, sizes: [4] }] },
      'detection: the option stride is 0, expected a number above 0',
    ],
    [
      { ...valid, levels: [{ stride: 4, sizes: [] }] },
      'detection: the option sizes is [], expected a list of numbers above 0',
    ],
    [
      { ...valid, variances: { centre: 1 } },
      'detection: the option size is missing, expected a number above 0',
    ],
    [{ ...valid, score: 2 }, 'detection: the option score is 2, expected a number from 0 to 1'],
  ])('%j', (detection, message) => {
    expect(() => model(detection)).toThrow(message);
  });

  it('an input that is no image', () => {
    expect(() => model(valid, [1, 3])).toThrow(
      'detection needs exactly one image input f32[N, C, H, W], the model has 0',
    );
  });

  it.each([
    [{ ...valid, scores: 'score' }, 'there is no output score; expected one of scores, boxes, map'],
    [{ ...valid, boxes: 'map' }, 'the output map is f32[1,3,8,8], the levels make it f32[N,4,4]'],
    [{ ...valid, boxes: 'scores' }, 'the output scores is f32[1,4,2], the levels make it f32[N,4,4]'],
    [
      { ...valid, levels: [{ stride: 4, sizes: [4, 8] }] },
      'the output scores is f32[1,4,2], the levels make it f32[N,8,classes]',
    ],
  ])('%j, when it is compiled', (detection, message) => {
    const compile = () => compiledModel(model(detection), { source: 'net.ts', targets: ['typescript'] });
    expect(compile).toThrow(`detection: ${message}`);
  });
});
