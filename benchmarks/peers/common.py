"""What the PyTorch comparators share: sizes, ensembles by baddbmm, timing. See README.md."""

import argparse
import json
import math
import time

import torch

SHAPES = {
    "halfcheetah": (17, 6, 200),
    "hopper": (11, 3, 200),
    "ant": (27, 8, 200),
    "humanoid": (45, 17, 400),
}


class Ensemble(torch.nn.Module):
    """`members` MLPs of `layers` hidden layers, one baddbmm a layer: (members, rows, inputs)."""

    def __init__(self, members, inputs, width, layers, outputs, activation):
        super().__init__()
        sizes = [inputs] + [width] * layers + [outputs]
        self.activation = activation
        self.weights = torch.nn.ParameterList()
        self.biases = torch.nn.ParameterList()
        for fan_in, fan_out in zip(sizes, sizes[1:]):
            scale = 1 / math.sqrt(fan_in)
            self.weights.append(torch.nn.Parameter((torch.rand(members, fan_in, fan_out) * 2 - 1) * scale))
            self.biases.append(torch.nn.Parameter(torch.zeros(members, 1, fan_out)))

    def forward(self, x):
        last = len(self.weights) - 1
        for layer, (w, b) in enumerate(zip(self.weights, self.biases)):
            x = torch.baddbmm(b, x, w)
            if layer < last:
                x = self.activation(x)
        return x


def adam(parameters, learning_rate):
    """Adam over all tensors at once: fused, on the CPU from PyTorch 2.4 on, else foreach."""
    version = tuple(int(part) for part in torch.__version__.split(".")[:2])
    option = {"fused": True} if version >= (2, 4) else {"foreach": True}
    return torch.optim.Adam(list(parameters), lr=learning_rate, **option)


def compiled(function):
    """The function through torch.compile where this PyTorch has it, else as it is; on a GPU as CUDA graphs."""
    if not hasattr(torch, "compile"):
        return function
    return torch.compile(function, mode="reduce-overhead" if on_gpu() else "default")


def on_gpu():
    return hasattr(torch, "get_default_device") and torch.get_default_device().type == "cuda"


def clamped(raw, high, low):
    """A log-variance softly between its bounds."""
    raw = high - torch.nn.functional.softplus(high - raw)
    return low + torch.nn.functional.softplus(raw - low)


def squashed(head):
    """A fresh tanh-Gaussian action and its log-probability."""
    mean, log_std = head.chunk(2, -1)
    log_std = log_std.clamp(-20, 2)
    noise = torch.randn_like(mean)
    raw = mean + noise * log_std.exp()
    action = torch.tanh(raw)
    correction = 2 * (math.log(2) - raw - torch.nn.functional.softplus(-2 * raw))
    log_prob = (-0.5 * noise.square() - log_std - 0.5 * math.log(2 * math.pi) - correction).sum(-1)
    return action, log_prob


def options():
    parser = argparse.ArgumentParser()
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--shape", choices=SHAPES, default="halfcheetah")
    parser.add_argument("--device", choices=["cpu", "cuda"], default="cpu")
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--width", type=int, default=256)
    parser.add_argument("--horizon", type=int, default=3)
    parser.add_argument("--particles", type=int, default=1000)
    given = parser.parse_args()
    torch.manual_seed(1)
    torch.set_num_threads(given.threads)
    torch.set_flush_denormal(True)
    if given.device != "cpu":
        torch.set_default_device(given.device)
    return given


def report(step, units, seconds):
    """Warms up, then prints units per second of the median step as one JSON object."""
    wait = torch.cuda.synchronize if on_gpu() else lambda: None
    end = time.perf_counter() + seconds / 2
    step()
    while time.perf_counter() < end:
        step()
    times = []
    end = time.perf_counter() + seconds
    while time.perf_counter() < end or len(times) < 3:
        wait()
        start = time.perf_counter()
        step()
        wait()
        times.append(time.perf_counter() - start)
    times.sort()
    print(json.dumps({"units_per_s": units / times[len(times) // 2], "torch": torch.__version__}))
