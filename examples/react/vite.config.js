import react from '@vitejs/plugin-react';
import { cnnc } from 'cnnc/plugin';

export default { base: './', plugins: [react(), cnnc()] };
