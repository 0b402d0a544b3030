/** Small members of the zoo's families in WebAssembly; agreesWasm.slow.test.ts has all of them. */
import { it } from 'vitest';
import { expectAgreement } from './agreement.ts';
import { WASM_WAYS } from './wasmWays.ts';

const NETS = [
  'lenet5',
  'resnet20',
  'resnet18',
  'mobilenetv2',
  'shufflenetv2',
  'squeezenet1_1',
  'espcn',
  'vww',
];

it.each(NETS)('%s', (name) => expectAgreement(name, WASM_WAYS), 120_000);
