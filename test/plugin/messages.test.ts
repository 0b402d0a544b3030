import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Diagnostic } from '../../compiler/diagnostics/diagnostic.ts';
import { fromHere } from '../../compiler/frontend/place.ts';
import { messageOf } from '../../compiler/plugin/messages.ts';
import { createFolders } from '../support/folders.ts';

const newFolder = createFolders();

describe('messages for bundlers', () => {
  it('have the place of the diagnosis and the lines around it', () => {
    const file = join(newFolder(), 'net.ts');
    writeFileSync(file, Array.from({ length: 12 }, (_, i) => `line ${i + 1}`).join('\n'));
    const error = new Diagnostic(
      'CNNC1202',
      `conv2d at conv1 (${fromHere(file)}:9): the input has 3 channels`,
      ['input x'],
    );
    expect(messageOf(error, '/app/other.ts')).toEqual({
      message: `${error.code}: ${error.message}`,
      id: file,
      loc: { file, line: 9, column: 0 },
      frame: '   7 | line 7\n   8 | line 8\n>  9 | line 9\n  10 | line 10\n  11 | line 11',
      stack: '',
    });
  });

  it('name the model file where the diagnosis has no line', () => {
    const error = new Diagnostic('CNNC3001', 'onnx (net.onnx): the file is truncated');
    expect(messageOf(error, '/app/net.onnx')).toEqual({
      message: `${error.code}: ${error.message}`,
      id: '/app/net.onnx',
      stack: '',
    });
  });

  it('say of anything else that it is a bug', () => {
    const message = messageOf(new TypeError('x is undefined'), '/app/net.ts');
    expect(message.message).toBe('internal error of cnnc, please report it: x is undefined');
    expect(message.stack).toContain('messages.test.ts');
  });
});
