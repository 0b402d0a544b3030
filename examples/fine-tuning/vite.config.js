import { cnnc } from 'cnnc/plugin';

const vehicles = { weights: 'node_modules/cnnc/models/weights/resnet20.safetensors' };
const plugins = () => [cnnc({ models: { 'src/vehicles.ts': vehicles } })];

export default { base: './', plugins: plugins(), worker: { format: 'es', plugins } };
