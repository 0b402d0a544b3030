import { cnnc } from 'cnnc/plugin';
import { defineConfig } from 'vite';

export default defineConfig({
  // Addresses are relative, so the built page works in any folder of a server.
  base: './',
  plugins: [cnnc()],
});
