/** Errors in files of weights and in checkpoints of PyTorch. */
import type { CodeEntry } from './types.ts';

export const WEIGHT_CODES = {
  CNNC2001: {
    title: 'The weights do not fit the model',
    explanation:
      'Weights are missing in the file, have another shape than in the model, or belong to no layer. Usually the file is of another variant of the network, or names differ.',
    fix: 'Use the file of this model, or correct the names and shapes that the error lists.',
  },
  CNNC2002: {
    title: 'No weight of the model is in the file',
    explanation:
      'Not one name in the file is the name of a weight of the model. The file is of another network.',
    fix: 'Use the file of this model, or name the layers as the file does.',
  },
  CNNC2010: {
    title: 'The safetensors file is truncated',
    explanation: 'The file is shorter than its header says. Usually a download or a copy was interrupted.',
    fix: 'Download or copy the file again.',
  },
  CNNC2011: {
    title: 'The safetensors file is invalid',
    explanation:
      'The header is not what the safetensors format requires, or the ranges of tensors overlap or leave gaps. Often it is another kind of file.',
    fix: 'Write the file again with the safetensors library.',
  },
  CNNC2012: {
    title: 'Tensors cannot be written as safetensors',
    explanation: 'Two tensors have the same name, or a tensor has another number of elements than its shape.',
    fix: 'Give each tensor its own name, and as many numbers as its shape has elements.',
  },
  CNNC2020: {
    title: 'The checkpoint is older than PyTorch 1.6',
    explanation:
      'Before version 1.6, torch.save wrote a bare pickle or a tar file. Only the zip file that later versions write is read.',
    fix: "Load and save it again with PyTorch 1.6 or later: `torch.save(torch.load('old.pt', map_location='cpu'), 'new.pt')`. Or save the state dict as safetensors.",
  },
  CNNC2021: {
    title: 'The zip file of the checkpoint is damaged',
    explanation:
      'The zip file is truncated, or its entries contradict each other. Usually a download was interrupted.',
    fix: 'Download the file again, or save it again with torch.save.',
  },
  CNNC2022: {
    title: 'The file holds no state dict',
    explanation:
      'The zip file was not written by torch.save, or what it holds is not a dict of tensors, nor a dict with one inside.',
    fix: 'Save the state dict: `torch.save(model.state_dict(), file)`.',
  },
  CNNC2023: {
    title: 'The checkpoint holds Python objects',
    explanation:
      'The checkpoint holds objects other than tensors, dicts, lists, numbers and strings. Usually the whole model was saved instead of its state dict. No code from a checkpoint is run.',
    fix: 'Save only the state dict: `torch.save(model.state_dict(), file)`.',
  },
  CNNC2024: {
    title: 'The pickle in the checkpoint is invalid',
    explanation:
      'The list of tensors in the checkpoint cannot be decoded: it is damaged or uses unknown instructions.',
    fix: 'Save the state dict again with torch.save, or as safetensors.',
  },
  CNNC2025: {
    title: 'A tensor of the checkpoint is invalid',
    explanation: 'The numbers of a tensor are missing in the file, or its shape does not fit them.',
    fix: 'Save the state dict again with torch.save, or as safetensors.',
  },
  CNNC2026: {
    title: 'The checkpoint has a form that is not supported',
    explanation: 'Its numbers are big-endian, or it is larger than the limits of the reader.',
    fix: 'Save the state dict as safetensors.',
  },
} as const satisfies Readonly<Record<`CNNC2${string}`, CodeEntry>>;
