/** The option `preprocess`: names, settings as text, and what they are for inputs of other shapes. */
import { describe, expect, it } from 'vitest';
import { Diagnostic } from '../../compiler/diagnostics/diagnostic.ts';
import { completePreprocess, readPreprocess } from '../../compiler/frontend/givenPreprocess.ts';
import type { Preprocess } from '../../compiler/frontend/preprocess.ts';
import { imagenetPreprocess } from '../../models/shared/datasets.ts';

const refuseFound = (found: string): never => {
  throw new Error(found);
};

const complete = (option: unknown, input: readonly number[] = [1, 3, 224, 224]): Preprocess =>
  completePreprocess(readPreprocess(option, refuseFound), input, (code, found, details) => {
    throw new Diagnostic(code, found, details);
  });

describe('a name', () => {
  it("imagenet is what the zoo's models for ImageNet state", () => {
    expect(complete('imagenet')).toEqual(imagenetPreprocess);
  });

  it('imagenet keeps its margin for inputs of other sizes', () => {
    expect(complete('imagenet', [8, 3, 112, 112])).toMatchObject({ width: 112, height: 112, shortSide: 128 });
  });

  it.each([
    ['unit', {}],
    ['signed', { mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] }],
    ['bytes', { scale: 1 }],
  ])('%s', (name, settings) => {
    const common = { width: 10, height: 12, channels: 'rgb', resize: 'shortSide' };
    expect(complete(name, [1, 3, 12, 10])).toEqual({ ...common, ...settings });
  });

  it('is for gray images too', () => {
    expect(complete('signed', [1, 1, 28, 28])).toMatchObject({ channels: 'gray', mean: [0.5], std: [0.5] });
  });
});

describe('settings', () => {
  it('are read from text', () => {
    const text = 'mean=0.5/0.25/-1e-1, std=2, size=256, resize=shortSide, channels=bgr, invert=true, scale=1';
    expect(complete(text)).toEqual({
      ...{ width: 224, height: 224, resize: 'shortSide', shortSide: 256, channels: 'bgr' },
      ...{ mean: [0.5, 0.25, -0.1], std: [2, 2, 2], invert: true, scale: 1 },
    });
  });

  it('change a name', () => {
    const { mean, ...found } = complete('imagenet,size=342,channels=bgr', [1, 3, 299, 299]);
    expect(found).toMatchObject({ width: 299, height: 299, shortSide: 342, channels: 'bgr' });
    expect(mean).toEqual([0.485, 0.456, 0.406]);
    expect(complete('imagenet,resize=stretch')).not.toHaveProperty('shortSide');
  });

  it('are an object in a program', () => {
    expect(complete({ mean: [1, 2, 3], shortSide: 300 })).toMatchObject({ shortSide: 300, mean: [1, 2, 3] });
    expect(complete({ ...imagenetPreprocess }, [1, 3, 448, 448])).toMatchObject({
      width: 448,
      shortSide: 512,
    });
  });
});

describe('what is wrong is said', () => {
  it.each<[unknown, string]>([
    ['unti', '"unti" is not one of unit, signed, imagenet, bytes; did you mean unit?'],
    ['', '"" is not one of unit, signed, imagenet, bytes, and no settings such as mean='],
    ['maen=0.5', '"maen=0.5" is not a setting, expected mean, std, scale, size, resize, channels, invert'],
    ['unit,signed', '"signed" is not a setting'],
    ['toString=1', '"toString=1" is not a setting'],
    ['mean=0.5/x/1', 'mean is "0.5/x/1", expected one number, or one for each plane with / between them'],
    ['scale=1/255', 'scale is "1/255", expected a number'],
    ['size=big', 'size is "big", expected the length of the shorter side in pixels'],
    ['resize=crop', 'resize is "crop", expected shortSide, stretch or none'],
    ['channels=cmyk', 'channels is "cmyk", expected rgb, bgr or gray'],
    ['invert=yes', 'invert is "yes", expected true or false'],
    [7, '7 is not one of unit, signed, imagenet, bytes, and no object with settings'],
  ])('%j', (option, found) => expect(() => complete(option)).toThrow(found));

  it.each<[unknown, readonly number[], string]>([
    ['mean=1/2', [1, 3, 8, 8], 'preprocess: mean has 2 numbers, rgb has 3'],
    ['imagenet', [1, 1, 28, 28], 'preprocess: mean has 3 numbers, gray has 1'],
    ['std=0', [1, 3, 8, 8], 'preprocess: std must not be 0'],
    ['size=7', [1, 3, 8, 8], 'preprocess: a shorter side of 7 leaves no 8x8 to cut out'],
    ['channels=gray', [1, 3, 8, 8], 'preprocess: it makes [N,1,8,8], the input is [1,3,8,8]'],
    ['unit', [1, 4, 8, 8], 'preprocess: it makes [N,3,8,8], the input is [1,4,8,8]'],
    [{ crop: 3 }, [1, 3, 8, 8], 'preprocess: unknown option crop'],
    [
      'unit',
      [1, 224, 224, 3],
      'preprocess: it makes [N,C,H,W], and the input is [1,224,224,3], with the channels last',
    ],
  ])('%j for %j', (option, input, found) => expect(() => complete(option, input)).toThrow(found));
});
