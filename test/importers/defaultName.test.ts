/** The name of a model whose file is called `model.onnx`, as most published ones are. */
import { expect, it } from 'vitest';
import { defaultName } from '../../compiler/importers/defaultName.ts';
import { IMPORTERS } from '../../compiler/importers/index.ts';

it.each([
  ['squeezenet.onnx', 'squeezenet'],
  ['/nets/SqueezeNet 1.1.onnx', 'squeezenet-1.1'],
  ['/nets/squeezenet/model.onnx', 'squeezenet'],
  ['/nets/squeezenet/onnx/model.onnx', 'squeezenet'],
  ['/nets/squeezenet/Model.ONNX', 'squeezenet'],
  ['C:\\nets\\squeezenet\\onnx\\model.onnx', 'squeezenet'],
  // Model servers keep versions in numbered folders.
  ['/repository/squeezenet/1/model.onnx', 'squeezenet'],
  ['/work/app/src/assets/models/model.onnx', 'app'],
  ['/nets/squeezenet/model_fp16.onnx', 'model_fp16'],
  ['/model.onnx', 'model'],
  ['C:\\models\\model.onnx', 'model'],
  ['model.onnx', 'model'],
  ['./onnx/model.onnx', 'model'],
  // No letter of the folder can be in a name, and a folder further up says nothing about the model.
  ['/nets/網/model.onnx', 'model'],
])('%s is %s', (path, name) => expect(defaultName(path, IMPORTERS[0]!)).toBe(name));
