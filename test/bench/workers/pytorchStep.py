"""A training step of PyTorch on one thread, channels last: forward, loss, backward, update. The nets, the batches and the
plain gradient descent are those of `npm run bench -- --training`.

By hand, with PyTorch (Debian: apt-get install python3-torch):

    python3 test/bench/workers/pytorchStep.py [lenet5] [resnet20] [resnet18]

prints the version, then a line per net with the median and the minimum in ms. Weights and images are random then. The
bench starts it with a job in JSON (job.ts) and sends orders through the channel of Node's `fork`, JSON line by line.
files: `net`, `shape`, `weights`, `image`, `label`.
"""

import json
import os
import socket
import statistics
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

RATE = 1e-3
SHAPES = {"lenet5": (32, 1, 32, 32), "resnet20": (32, 3, 32, 32), "resnet18": (4, 3, 224, 224)}

# A whole measurement by hand, per net.
WARM_SECONDS = 2
TURNS = 9
TURN_SECONDS = 0.5
# No extra run before a turn where a run takes longer.
UNCOUNTED_SECONDS = 2


class LeNet5(nn.Module):
    def __init__(self):
        super().__init__()
        self.convnet = nn.ModuleDict(
            {"c1": nn.Conv2d(1, 6, 5), "c3": nn.Conv2d(6, 16, 5), "c5": nn.Conv2d(16, 120, 5)}
        )
        self.fc = nn.ModuleDict({"f6": nn.Linear(120, 84), "f7": nn.Linear(84, 10)})

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.convnet["c1"](x)), 2)
        x = F.max_pool2d(F.relu(self.convnet["c3"](x)), 2)
        x = F.relu(self.convnet["c5"](x))
        return self.fc["f7"](F.relu(self.fc["f6"](torch.flatten(x, 1))))


class Block(nn.Module):
    """Two 3x3 convolutions. Where the shape changes, the shortcut is a projection or, for CIFAR, zero channels."""

    def __init__(self, inputs, channels, stride, projects):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, channels, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)
        self.added = (channels - inputs) // 2
        if projects and stride != 1:
            self.downsample = nn.Sequential(
                nn.Conv2d(inputs, channels, 1, stride, bias=False), nn.BatchNorm2d(channels)
            )
        else:
            self.downsample = None

    def shortcut(self, x):
        if self.downsample is not None:
            return self.downsample(x)
        if self.added == 0:
            return x
        return F.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, self.added, self.added))

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)))
        return F.relu(self.bn2(self.conv2(y)) + self.shortcut(x))


def stage(inputs, channels, blocks, stride, projects):
    first = Block(inputs, channels, stride, projects)
    return nn.Sequential(first, *(Block(channels, channels, 1, projects) for _ in range(blocks - 1)))


class ResNet20(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 16, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(16)
        self.layer1 = stage(16, 16, 3, 1, False)
        self.layer2 = stage(16, 32, 3, 2, False)
        self.layer3 = stage(32, 64, 3, 2, False)
        self.linear = nn.Linear(64, 10)

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        x = self.layer3(self.layer2(self.layer1(x)))
        return self.linear(torch.flatten(F.adaptive_avg_pool2d(x, 1), 1))


class ResNet18(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.layer1 = stage(64, 64, 2, 1, True)
        self.layer2 = stage(64, 128, 2, 2, True)
        self.layer3 = stage(128, 256, 2, 2, True)
        self.layer4 = stage(256, 512, 2, 2, True)
        self.fc = nn.Linear(512, 1000)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.bn1(self.conv1(x))), 3, 2, 1)
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(torch.flatten(F.adaptive_avg_pool2d(x, 1), 1))


NETS = {"lenet5": LeNet5, "resnet20": ResNet20, "resnet18": ResNet18}


def read_numbers(path, dtype):
    with open(path, "rb") as file:
        return torch.frombuffer(bytearray(file.read()), dtype=dtype)


def read_weights(path):
    """The float32 tensors of a safetensors file."""
    with open(path, "rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
        data = bytearray(file.read())
    tensors = {}
    for name, entry in header.items():
        if name != "__metadata__":
            start, end = entry["data_offsets"]
            tensors[name] = torch.frombuffer(data[start:end], dtype=torch.float32).reshape(entry["shape"])
    return tensors


def make_step(net, image, label, weights=None):
    """A function that takes a step and returns the loss."""
    model = NETS[net]()
    if weights is not None:
        missing, unexpected = model.load_state_dict(weights, strict=False)
        missing = [name for name in missing if not name.endswith("num_batches_tracked")]
        if missing or unexpected:
            raise ValueError(f"the weights do not fit: missing {missing}, unexpected {unexpected}")
    model = model.train().to(memory_format=torch.channels_last)
    optimizer = torch.optim.SGD(model.parameters(), lr=RATE)

    def step():
        optimizer.zero_grad(set_to_none=True)
        loss = F.cross_entropy(model(image.contiguous(memory_format=torch.channels_last)), label)
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


def time_calls(step, calls):
    """Seconds a call."""
    start = time.perf_counter()
    for _ in range(calls):
        step()
    return (time.perf_counter() - start) / calls


def warm(step, runs, seconds):
    """Runs it so often and so long at least. Returns the number of runs and the shortest."""
    start, times = time.perf_counter(), []
    while len(times) < runs or time.perf_counter() - start < seconds:
        times.append(time_calls(step, 1))
    return len(times), min(times)


def turn(step, seconds, call_seconds):
    """Runs it for about so long. Returns the seconds a call, and the number of calls."""
    if call_seconds < UNCOUNTED_SECONDS:
        step()
    calls = max(1, round(seconds / call_seconds))
    return time_calls(step, calls), calls


def measure(net):
    """Prints the line of a net."""
    torch.manual_seed(1)
    shape = SHAPES[net]
    label = torch.arange(shape[0]) * 7 % (1000 if net == "resnet18" else 10)
    step = make_step(net, torch.rand(shape) * 2 - 1, label)
    _, call_seconds = warm(step, 3, WARM_SECONDS)
    times = [1000 * turn(step, TURN_SECONDS, call_seconds)[0] for _ in range(TURNS)]
    print(f"{net}, batch {shape[0]}: median {statistics.median(times):.2f} ms, minimum {min(times):.2f} ms")


def open_job(files):
    """The step of the bench, from its files."""
    shape = [int(extent) for extent in files["shape"].split("x")]
    image = read_numbers(files["image"], torch.float32).reshape(shape)
    label = read_numbers(files["label"], torch.int32).long()
    return make_step(files["net"], image, label, read_weights(files["weights"]))


def obey(step, state, order):
    """The answer to an order, as in timing.ts."""
    kind = order["kind"]
    if kind == "outputs":
        return {"kind": "outputs", "values": [step()]}
    if kind == "warm":
        runs, state["call"] = warm(step, order["runs"], order["ms"] / 1000)
        return {"kind": "warm", "runs": runs, "ms": 1000 * state["call"]}
    seconds, calls = turn(step, order["ms"] / 1000, state["call"])
    return {"kind": "turn", "ms": 1000 * seconds, "calls": calls}


def serve(job):
    channel = socket.socket(fileno=int(os.environ["NODE_CHANNEL_FD"]))
    # Node leaves its end without blocking, and both ends are one file.
    channel.setblocking(True)
    step, state = open_job(job["files"]), {}

    def answer(message):
        channel.sendall((json.dumps(message) + "\n").encode())

    answer({"kind": "loaded"})
    for line in channel.makefile("r", encoding="utf8"):
        answer(obey(step, state, json.loads(line)))


def main(arguments):
    torch.set_num_threads(1)
    if arguments and arguments[0].startswith("{"):
        serve(json.loads(arguments[0]))
        return
    print(f"PyTorch {torch.__version__}, one thread, channels last, SGD")
    for net in arguments or NETS:
        measure(net)


main(sys.argv[1:])
