/// <reference types="vite/client" />
/// <reference types="cnnc/client" />
