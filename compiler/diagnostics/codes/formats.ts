/** Errors in importing model files of other formats, and in exporting to them. */
import type { CodeEntry } from './types.ts';

export const FORMAT_CODES = {
  CNNC3001: {
    title: 'The format of the model file is not known',
    explanation:
      'Neither the extension nor the first bytes of the file belong to a format that can be imported.',
    fix: 'Convert the model to ONNX, or name the format if the file has an unusual extension.',
  },
  CNNC3010: {
    title: 'The file is not an ONNX model',
    explanation:
      'The bytes cannot be decoded as an ONNX model. The file is truncated, or it is of another kind.',
    fix: 'Download or export the file again.',
  },
  CNNC3011: {
    title: 'The version of the ONNX operator set is not supported',
    explanation:
      'The model was exported with an operator set that is older or newer than those that are read.',
    fix: 'Export the model with a supported version, such as `torch.onnx.export(..., opset_version=17)`.',
  },
  CNNC3012: {
    title: 'Operators of the file are not supported',
    explanation:
      'The graph uses operators for which there is no translation. All of them are listed with their nodes.',
    fix: 'Export the model without them, or cut the graph before or after them.',
  },
  CNNC3013: {
    title: 'External data of the ONNX file cannot be read',
    explanation:
      'The numbers of a tensor are in another file, which is missing, too short, or outside the folder of the model. A model that is passed as bytes cannot have external data unless its files are passed too.',
    fix: 'Put the data file beside the model, or save the model as one file.',
  },
  CNNC3014: {
    title: 'A tensor of the file is invalid',
    explanation:
      'A stored tensor has an unsupported element type, a wrong shape, or too few or too many numbers.',
    fix: 'Export the model again.',
  },
  CNNC3015: {
    title: 'The graph of the file is invalid',
    explanation:
      'A node lacks an attribute or an input, its attributes contradict its shapes, or it reads a value that does not exist.',
    fix: 'Check the file with `onnx.checker.check_model`, and export it again.',
  },
  CNNC3016: {
    title: 'An operator is used in a way that is not supported',
    explanation: 'The operator is supported, but not with this attribute, element type or number of axes.',
    fix: 'Change the model so that it does without this form, and export it again.',
  },
  CNNC3017: {
    title: 'A value must be known at import',
    explanation:
      'Shapes, axes and similar values must be constants. Here one is computed from the input of the model.',
    fix: 'Export the model with fixed shapes, or simplify it with a tool that folds constants.',
  },
  CNNC3018: {
    title: 'The shapes of inputs must be given',
    explanation:
      'The file leaves dimensions of its inputs open. Compiled packages have fixed shapes; only an open batch is set to 1.',
    fix: 'Give the shape of each input, as in `--input image=1x3x224x224`.',
  },
  CNNC3019: {
    title: 'An input of the file cannot be used',
    explanation:
      'The input is not a tensor of numbers, is a scalar, or the shape that was given has another rank.',
    fix: 'Give a shape that fits the input, with the batch first.',
  },
  CNNC3020: {
    title: 'A constant of the file is too large',
    explanation: 'A constant, or all constants together, need more memory than the importer allows.',
    fix: 'Store large tensors as initializers, or make the model smaller.',
  },
  CNNC3030: {
    title: 'Operations of the model cannot be exported',
    explanation: 'ONNX has no operator for these operations, or none with these settings.',
    fix: 'Replace the operations that the error lists, or export without `--folded`.',
  },
  CNNC3031: {
    title: 'The weights are too large for an ONNX file',
    explanation: 'An ONNX file in one piece holds at most 2 GiB.',
    fix: 'Export a smaller model.',
  },
} as const satisfies Readonly<Record<`CNNC3${string}`, CodeEntry>>;
