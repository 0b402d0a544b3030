/** Errors with packages, folders, images and measurements. */
import type { CodeEntry } from './types.ts';

export const PACKAGE_CODES = {
  CNNC5001: {
    title: 'A file cannot be read',
    explanation:
      'The file does not exist, is a folder, or may not be read. The reason of the system is shown.',
    fix: 'Check the path and its permissions.',
  },
  CNNC5002: {
    title: 'A file or folder cannot be written',
    explanation:
      'The system refused to write: the folder is missing or protected, the file system is read-only, the disk is full, a name is too long, or another program keeps a file open. What was there before is left unchanged.',
    fix: 'Check the path, its permissions, the free space and the length of the names. On Windows, close programs that use the folder.',
  },
  CNNC5003: {
    title: 'The package does not exist',
    explanation: 'The path names no folder.',
    fix: 'Check the spelling, or compile the model first.',
  },
  CNNC5004: {
    title: 'This is not a package of cnnc',
    explanation: 'The path names a file or a folder that `cnnc compile` has not written.',
    fix: 'Name the folder that `cnnc compile` reported.',
  },
  CNNC5005: {
    title: 'The output folder is in use',
    explanation:
      'The folder for the package holds other files, or a file has its name. Packages replace only packages, so that nothing is lost.',
    fix: 'Choose another folder with `--out`, or empty this one.',
  },
  CNNC5006: {
    title: 'The file exists already',
    explanation: 'The command does not overwrite files that it did not write.',
    fix: 'Remove the file, or choose another name.',
  },
  CNNC5007: {
    title: 'The folder holds the package of another source',
    explanation:
      'The folder holds a package that was compiled from another model file. Often two files have the same name, such as `model.onnx`. A package replaces another one without a question only if both are of the same source.',
    fix: 'Choose another folder with `--name` or `--out`, or replace the package with `--force`. For `compile` of the library these are the options `out` and `force`.',
  },
  CNNC5010: {
    title: 'The package does not take images',
    explanation:
      'The command passes image files to the package. This needs a model with `preprocess` and exactly one input.',
    fix: 'Compile it again with `--preprocess`, add `preprocess` to the model, or call the package from a program.',
  },
  CNNC5011: {
    title: 'The package cannot be loaded or run',
    explanation: 'Importing the package or calling it threw the error that is shown.',
    fix: 'Compile the model again. If that does not help, report the error.',
  },
  CNNC5012: {
    title: 'Another version of cnnc wrote the package',
    explanation: 'The package lacks something that this version needs, or its files were changed.',
    fix: 'Compile the model again with this version.',
  },
  CNNC5013: {
    title: 'The package does not train',
    explanation: 'The package was compiled for inference only.',
    fix: 'Compile it with `--train`.',
  },
  CNNC5020: {
    title: 'An image cannot be decoded',
    explanation: 'The image file is empty, damaged, or in a format that is not supported.',
    fix: 'Convert it to PNG, JPEG or WebP.',
  },
  CNNC5021: {
    title: 'The npm package sharp is not installed',
    explanation:
      'Image files are decoded by sharp, which is installed separately because most programs do not need it.',
    fix: 'Run `npm install sharp` in the folder in which cnnc is installed.',
  },
  CNNC5030: {
    title: 'WebGPU cannot be measured here',
    explanation:
      'The npm package that provides WebGPU to Node.js is missing, there is no GPU or driver, or the GPU has no timestamps.',
    fix: 'Install the npm package that the error names, and use a machine with a GPU.',
  },
  CNNC5031: {
    title: 'There are too many kernel calls to measure',
    explanation: 'Each kernel call needs two timestamps, and one query set holds a limited number of them.',
    fix: 'Measure a smaller model.',
  },
  CNNC5040: {
    title: 'This is not a result of `cnnc bench --json`',
    explanation: 'The file is not such a result, or another version of cnnc wrote it.',
    fix: 'Measure again with `cnnc bench --json FILE`.',
  },
  CNNC5041: {
    title: 'The results cannot be compared',
    explanation: 'The earlier result is of another package, target or pass.',
    fix: 'Name a result of the same package.',
  },
} as const satisfies Readonly<Record<`CNNC5${string}`, CodeEntry>>;
