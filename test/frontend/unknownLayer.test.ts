/** Calls of layers that do not exist: a diagnosis with the nearest layer, and a net that behaves like any object. */
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { buildGraph, defineModel, Diagnostic, type Net, type Tensor } from 'cnnc';

type Call = (...args: unknown[]) => Tensor;
/** The net of a model file that has not been type-checked. */
type Untyped = Readonly<Record<string, Call>> & { scope(path: string): Untyped };

const build = (body: (net: Untyped, x: Tensor) => unknown) =>
  buildGraph(
    defineModel({
      name: 'net',
      inputs: { x: [1, 4, 8, 8] },
      build: (net, { x }) => body(net as unknown as Untyped, x) as Record<string, Tensor>,
    }),
    { training: false },
  );

/** The diagnosis, with the lines of this file as `:n`. */
function diagnosisOf(body: (net: Untyped, x: Tensor) => unknown): string {
  try {
    build(body);
  } catch (error) {
    if (!(error instanceof Diagnostic)) throw error;
    return `${error.code} ${error.message.replace(/\(test\/frontend\/unknownLayer\.test\.ts:\d+\)/, '(here:n)')}`;
  }
  throw new Error('nothing was diagnosed');
}

const CONV = { channels: 4, kernel: 1 };

describe('a layer that does not exist', () => {
  it.each([
    ['conv2D', 'conv2d'],
    ['Conv2d', 'conv2d'],
    ['conv2', 'conv2d'],
    ['batchnorm', 'batchNorm'],
    ['batchNorm2d', 'batchNorm'],
    ['BatchNorm2d', 'batchNorm'],
    ['ReLU', 'relu'],
    ['maxpool', 'maxPool'],
    ['maxPool2d', 'maxPool'],
    ['Linear', 'linear'],
    ['softMax', 'softmax'],
    ['paramter', 'parameter'],
  ])('%s is near %s', (wrong, near) => {
    const found = `CNNC1109 net (here:n): there is no layer ${wrong}, did you mean ${near}?`;
    expect(diagnosisOf((net, x) => ({ y: net[wrong]!(x) }))).toBe(found);
  });

  it('is found as a method, in a scope, and as a variable', () => {
    const found = 'CNNC1109 net (here:n): there is no layer conv2D, did you mean conv2d?';
    // The three forms that engines have words for.
    expect(diagnosisOf((net, x) => ({ y: net['conv2D']!('a', x, CONV) }))).toBe(found);
    expect(
      diagnosisOf((net, x) => {
        const typed = net as unknown as { conv2D: Call };
        return { y: typed.conv2D('a', x, CONV) };
      }),
    ).toBe(found);
    expect(diagnosisOf((net, x) => ({ y: net.scope('a').scope('b')['conv2D']!('a', x, CONV) }))).toBe(found);
    expect(
      diagnosisOf((net, x) => {
        const { relu, conv2D } = net;
        return { y: relu!(conv2D!('a', x, CONV)) };
      }),
    ).toBe(found);
  });

  it('is the one that was called, not another that was read', () => {
    const body = (net: Untyped, x: Tensor): unknown => {
      const { reul, batchnorm } = net;
      return { y: reul === undefined ? batchnorm!('a', x) : x };
    };
    expect(diagnosisOf(body)).toContain('there is no layer batchnorm, did you mean batchNorm?');
  });

  it('has no hint where no layer is near', () => {
    expect(diagnosisOf((net, x) => ({ y: net['frobnicate']!(x) }))).toBe(
      'CNNC1109 net (here:n): there is no layer frobnicate',
    );
  });

  it('is not what other mistakes of the model are', () => {
    const other = { relu2: undefined } as unknown as Readonly<Record<string, Call>>;
    expect(diagnosisOf((_net, x) => ({ y: other['relu2']!(x) }))).toMatch(
      /^CNNC1020 model at net .*: build failed\n.*TypeError: other\..* is not a function$/s,
    );
  });
});

describe('a net', () => {
  it('is like any object to those who look at it', () => {
    const seen: unknown[] = [];
    build((net, x) => {
      const { relu, add, training } = net as unknown as Net;
      seen.push('relu' in net, 'reul' in net, net['then'], net['reul'], training);
      seen.push(Object.isFrozen(net), Object.keys(net).includes('conv2d'), typeof { ...net }['relu']);
      seen.push(
        (net as unknown as Record<symbol, unknown>)[Symbol.iterator],
        inspect(net).includes('conv2d'),
      );
      seen.push(`${net as unknown as string}`, JSON.stringify(net));
      return { y: add(relu(x), x) };
    });
    expect(seen).toEqual([
      ...[true, false, undefined, undefined, false],
      ...[true, true, 'function'],
      ...[undefined, true],
      ...['[object Object]', '{"training":false}'],
    ]);
  });

  it('can be awaited', async () => {
    let awaited: Promise<unknown> | undefined;
    let own: unknown;
    build((net, x) => {
      own = net;
      awaited = Promise.resolve(net);
      return { y: net['relu']!(x) };
    });
    expect(await awaited).toBe(own);
  });
});
