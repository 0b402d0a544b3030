/** Web servers on this machine that serve a folder, each with a behaviour of good or bad hosts. */
import { readFileSync, statSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { afterAll } from 'vitest';

/** A policy: no blob, no eval, nothing inline, nothing from elsewhere. */
export const STRICT = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'";

export interface Habits {
  /** The `Content-Security-Policy` of every answer. */
  readonly policy?: string;
  /** Types by a file's ending, for those that it has otherwise or not at all. */
  readonly types?: Readonly<Record<string, string>>;
  /** Answers in its own way for what stands here by the path's end. */
  readonly answers?: Readonly<Record<string, Answer>>;
  /** Files are found below this path: `/some/app/`. */
  readonly base?: string;
}

/** Sends these bytes of a file, or whatever else. */
export type Answer = (response: ServerResponse, bytes: Buffer) => void;

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.wasm': 'application/wasm',
};

/** Starts servers; all of them are closed after the last test of the file. Returns the address, with `/` at its end. */
export function createServers(): (folder: string, habits?: Habits) => Promise<string> {
  const closings: (() => void)[] = [];
  afterAll(() => closings.forEach((close) => close()));
  return async (folder, habits = {}) => {
    const server = createServer((request, response) =>
      answer(folder, new URL(request.url!, 'http://localhost').pathname, response, habits),
    );
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    closings.push(() => {
      server.closeAllConnections();
      server.close();
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}${habits.base ?? '/'}`;
  };
}

function answer(folder: string, path: string, response: ServerResponse, habits: Habits): void {
  const { policy, types = {}, answers = {}, base = '/' } = habits;
  const file = join(folder, path.slice(base.length));
  if (!path.startsWith(base) || !statSync(file, { throwIfNoEntry: false })?.isFile()) {
    response.writeHead(404).end();
    return;
  }
  const type = { ...TYPES, ...types }[extname(path)];
  if (type) response.setHeader('content-type', type);
  if (policy) response.setHeader('content-security-policy', policy);
  const [, special] = Object.entries(answers).find(([ending]) => path.endsWith(ending)) ?? [];
  const bytes = readFileSync(file);
  if (special) special(response, bytes);
  else response.setHeader('content-length', bytes.length).end(bytes);
}

/** In many pieces, none of them at a tensor's end, and without saying how long it will be. */
export const inChunks: Answer = (response, bytes) => {
  const size = 4099;
  const send = (at: number): void => {
    if (at >= bytes.length) response.end();
    else response.write(bytes.subarray(at, at + size), () => setImmediate(send, at + size));
  };
  send(0);
};

/** The first half of a file, as if it had not been copied whole. */
export const onlyHalf: Answer = (response, bytes) => {
  const half = bytes.subarray(0, bytes.length >> 1);
  response.setHeader('content-length', half.length).end(half);
};

/** The line breaks in the middle. */
export const breakingOff: Answer = (response, bytes) => {
  response.setHeader('content-length', bytes.length);
  response.write(bytes.subarray(0, bytes.length >> 1), () => setTimeout(() => response.destroy(), 50));
};

export const notFound: Answer = (response) => void response.writeHead(404).end();

/** What hosts of single-page apps do: the page for every path that they do not know. */
export const pageInstead: Answer = (response) => {
  response.setHeader('content-type', 'text/html').end('<!doctype html><title>app</title>');
};
