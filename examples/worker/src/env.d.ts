/// <reference types="cnnc/client" />
