/** Usual ways in which the levels of pixels become numbers, by the names that options have for them. */
import type { Preprocess } from './preprocess.ts';

export interface Normalization {
  /** Completes the phrase `levels are scaled ...`. */
  readonly words: string;
  /** One number in a list is meant for every plane. */
  readonly settings: Partial<Preprocess>;
}

const TABLE = {
  unit: { words: 'from 0 to 1', settings: {} },
  signed: { words: 'from -1 to 1', settings: { mean: [0.5], std: [0.5] } },
  imagenet: {
    words: "with ImageNet's mean and deviation, as torchvision's networks expect them",
    // As torchvision evaluates: 224 of 256 pixels of the shorter side, in proportion for other inputs.
    settings: {
      ...{ width: 224, height: 224, shortSide: 256 },
      mean: [0.485, 0.456, 0.406],
      std: [0.229, 0.224, 0.225],
    },
  },
  bytes: { words: 'from 0 to 255', settings: { scale: 1 } },
} as const;

export type NormalizationName = keyof typeof TABLE;

export const NORMALIZATIONS: Readonly<Record<NormalizationName, Normalization>> = TABLE;

export const normalizationNames = Object.keys(TABLE) as readonly NormalizationName[];
