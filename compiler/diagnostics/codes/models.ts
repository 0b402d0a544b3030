/** Errors in model files and layers. */
import type { CodeEntry } from './types.ts';

export const MODEL_CODES = {
  CNNC1001: {
    title: 'The model file does not exist',
    explanation:
      'The path names no file, or it names a folder. A relative path starts at the folder in which the command was started.',
    fix: 'Check the spelling, and name the file itself, such as model.ts or model.onnx.',
  },
  CNNC1002: {
    title: 'The model file cannot be run',
    explanation:
      'An error was thrown while the model file was loaded: a syntax error, an import that was not found, or an exception at its top level.',
    fix: 'Correct the line that the error names. `node model.ts` shows the whole stack trace.',
  },
  CNNC1003: {
    title: 'There is no model',
    explanation:
      'The default export of the file, or the value that was passed to `compile` or `exportOnnx`, is not a result of `defineModel`. Often the export is missing, or the module was passed instead of its default export.',
    fix: 'Write `export default defineModel({ ... })` in the model file, and pass that value.',
  },
  CNNC1010: {
    title: 'The definition of the model is wrong',
    explanation:
      '`defineModel` got a definition in which a field is unknown, missing or of the wrong type. It needs at least `name`, `inputs` and `build`.',
    fix: 'Correct the field that the error names.',
  },
  CNNC1011: {
    title: 'An input or a target of the model is declared wrongly',
    explanation:
      'The name of an input or a target must be an identifier, its shape a list of whole numbers with the batch first, and its element type one that is supported. An input and a target cannot have the same name.',
    fix: 'Declare it as in `inputs: { image: [1, 3, 224, 224] }`.',
  },
  CNNC1012: {
    title: 'The settings of `preprocess` or `detection` are wrong',
    explanation:
      'A setting is unknown, missing or out of range, or the settings do not fit the input and the outputs of the model. Both need a model with exactly one image input [N, C, H, W].',
    fix: 'Correct the setting that the error names. Its sizes must agree with the input and the outputs of the model.',
  },
  CNNC1020: {
    title: '`build` or `loss` threw an error',
    explanation: 'The function was called to make the graph, and code of the model file threw an exception.',
    fix: 'Correct the line of the model file that the error names.',
  },
  CNNC1021: {
    title: '`build` did not return tensors',
    explanation:
      '`build` must return a tensor, or an object of tensors by name. It must return them directly, so it cannot be an async function.',
    fix: 'Return the result of the last layer, or an object such as `{ logits, features }`.',
  },
  CNNC1022: {
    title: 'A tensor belongs to another build',
    explanation:
      '`build` is called once for each graph, and tensors of one call cannot be used in another. Usually a tensor was kept in a variable outside `build`.',
    fix: 'Make the tensor inside `build`.',
  },
  CNNC1023: {
    title: 'A name is reserved for training',
    explanation:
      'A trainable package adds inputs and outputs, such as `loss` or `seed`. An input, output or target of the model has one of these names.',
    fix: 'Give the input, output or target another name.',
  },
  CNNC1024: {
    title: 'The model has no input with this name',
    explanation: 'A shape was given for an input that the model does not have.',
    fix: 'Use one of the names that the error lists.',
  },
  CNNC1025: {
    title: 'A batch or a shape does not fit an input',
    explanation:
      'The batch or the shape that was given is not made of whole numbers from 1, has another rank than the input, or contradicts another shape.',
    fix: 'Give a shape of the same rank as in the model, with the batch first.',
  },
  CNNC1030: {
    title: '`loss` is wrong',
    explanation:
      '`loss` must return a scalar of type f32 made from the outputs and the targets. It cannot make parameters: they belong into `build`.',
    fix: 'Reduce the loss to one number, for example with `net.reduceMean(x)`, and make parameters in `build`.',
  },
  CNNC1031: {
    title: 'The model has no loss to train with',
    explanation:
      'A classifier with one output f32[N, classes] gets cross-entropy as its loss. Every other model needs a `loss` and `targets` in its definition.',
    fix: 'Add `targets` and `loss` to `defineModel`.',
  },
  CNNC1032: {
    title: 'Training returns other outputs than inference',
    explanation:
      '`build` returned an output for inference that it did not return for training. A training step returns the outputs of inference.',
    fix: 'Return the same outputs whether `net.training` is true or false.',
  },
  CNNC1033: {
    title: 'An operation has no gradient',
    explanation:
      'A weight that is trained comes before an operation through which no gradient can be computed, such as argMax.',
    fix: 'Compute the loss from a value before that operation, or do not train the weights before it.',
  },
  CNNC1101: {
    title: 'The name of a layer is invalid',
    explanation: 'Names of layers and parameters consist of letters, digits, "_", "-" and dots between them.',
    fix: 'Rename the layer, for example `layer1.conv1`.',
  },
  CNNC1102: {
    title: 'Two parameters have the same name',
    explanation:
      'Each weight has its own name in the file of weights. Two layers with one name would share it.',
    fix: 'Give one of the layers another name. `net.tied(name)` uses an existing parameter again.',
  },
  CNNC1103: {
    title: 'A layer with parameters has no name',
    explanation: 'The name of a layer is the name of its weights in the file of weights.',
    fix: "Pass the name as the first argument, as in `net.conv2d('conv1', x, { ... })`.",
  },
  CNNC1104: {
    title: 'An option of a layer is wrong',
    explanation: 'An option is unknown, missing, of the wrong type, or outside the range that is allowed.',
    fix: 'Correct the option as the error says.',
  },
  CNNC1105: {
    title: 'An input of a layer is not a tensor',
    explanation:
      'A layer got something else where it expects a tensor, often undefined because a variable was misspelled or a function returned nothing.',
    fix: 'Pass an input of the model or the result of another layer.',
  },
  CNNC1106: {
    title: 'The parameter to share does not exist',
    explanation:
      '`net.tied(name)` uses a parameter again that an earlier layer has made. No layer has made this one.',
    fix: 'Check the name, and make the layer that has the parameter first.',
  },
  CNNC1107: {
    title: 'There is no such operation',
    explanation: '`net.operation` got the name of an operation that the compiler does not know.',
    fix: 'Check the spelling of the operation.',
  },
  CNNC1108: {
    title: 'Batch normalization has one value per channel',
    explanation:
      'In training, batch normalization computes mean and variance over batch, height and width. With one value per channel the variance is 0.',
    fix: 'Use a larger batch, or leave the normalization out where the image is 1x1.',
  },
  CNNC1109: {
    title: 'There is no such layer',
    explanation:
      'The model calls a method of `net` that does not exist. Often its name is spelled in another way.',
    fix: 'Use the name that the error suggests, or one that your editor completes after `net.`.',
  },
  CNNC1201: {
    title: 'The number of inputs is wrong',
    explanation: 'An operation got more or fewer tensors than it takes.',
    fix: 'Pass the inputs that the error lists.',
  },
  CNNC1202: {
    title: 'The shapes of a layer do not fit',
    explanation:
      'The shapes of the inputs and weights of a layer contradict each other, or an input has the wrong rank. Usually the layer before has another number of channels or features than this one expects.',
    fix: 'Compare the shapes that the error lists, and correct this layer or the one before it.',
  },
  CNNC1203: {
    title: 'An input has the wrong element type',
    explanation:
      'The operation does not take tensors of this element type, or its inputs have different ones.',
    fix: 'Declare the input with the type that is expected, or convert it.',
  },
  CNNC1204: {
    title: 'A setting of a layer does not fit its input',
    explanation:
      'The setting is valid for other inputs but not for this shape: an axis that does not exist, a kernel larger than the padded input, or channels that cannot be divided into the groups.',
    fix: 'Change the setting, or the shape of the input.',
  },
  CNNC1205: {
    title: 'A tensor is too large',
    explanation: 'A tensor may have at most 2^31 elements.',
    fix: 'Use a smaller batch or smaller images.',
  },
} as const satisfies Readonly<Record<`CNNC1${string}`, CodeEntry>>;
