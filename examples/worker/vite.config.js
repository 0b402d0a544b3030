import { cnnc } from 'cnnc/plugin';

export default { base: './', plugins: [cnnc()] };
