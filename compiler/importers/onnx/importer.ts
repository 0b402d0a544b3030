/** The importer of ONNX files (https://onnx.ai), which PyTorch, onnxruntime and most other tools write and read. */
import type { Importer } from '../types.ts';

export const onnx: Importer = {
  name: 'onnx',
  title: 'ONNX',
  noun: 'an .onnx file',
  extensions: ['.onnx'],
  signature: looksLikeModel,
  examples: {
    compile: [
      'cnnc compile mobilenet.onnx --input image=1x3x224x224',
      'cnnc compile squeezenet/model.onnx --preprocess imagenet --labels imagenet',
    ],
    import: [
      'cnnc import squeezenet.onnx --out models/squeezenet.ts',
      'cnnc import yolo.onnx --input images=1x3x320x320',
    ],
  },
  load: async () => (await import('./readOnnx.ts')).readOnnx,
};

/** The first bytes of the ModelProto fields 2 to 8 in protobuf. */
const NEXT = [0x12, 0x1a, 0x22, 0x28, 0x32, 0x3a, 0x42];

/**
 * Whether the bytes begin like a ModelProto: writers put its first field, `ir_version`, first, and it is a small
 * number.
 */
function looksLikeModel([tag, version, next]: Uint8Array): boolean {
  return tag === 0x08 && version! > 0 && version! < 0x80 && NEXT.includes(next!);
}
