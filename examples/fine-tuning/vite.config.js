import { cnnc } from 'cnnc/plugin';

const vehicles = { weights: 'node_modules/cnnc/models/weights/resnet20.safetensors', optimizer: 'adam' };

export default {
  base: './',
  plugins: [cnnc({ models: { 'src/vehicles.ts': vehicles } })],
  worker: { format: 'es', plugins: () => [cnnc({ models: { 'src/vehicles.ts': vehicles } })] },
};
