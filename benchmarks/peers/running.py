"""How the PyTorch comparators run and are timed: options, CUDA graphs, torch.compile. See README.md.

A script calls `run(build, units)`, where `build(given, compiled, variant)` returns the step, a function that gives
back a tensor of its outcome; functions that it passes through `compiled` go through torch.compile in that mode.
"""

import argparse
import json
import os
import sys
import time

import torch

from common import SHAPES

MODES = ("eager", "graph", "compiled")
WARM_UP_STEPS = 3
TRIAL_ROUNDS = 2
TRIAL_SECONDS = 0.2
LEAST_STEPS = 3


def options():
    parser = argparse.ArgumentParser()
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--shape", choices=SHAPES, default="halfcheetah")
    parser.add_argument("--device", choices=["cpu", "cuda"], default="cpu")
    parser.add_argument("--mode", choices=MODES, help="where left out: compiled, or on a CPU the faster one")
    parser.add_argument("--tf32", action="store_true", help="matrix products in TF32")
    parser.add_argument("--seconds", type=float, help="of one measurement")
    parser.add_argument("--serve", action="store_true", help="one measurement for every line of input")
    parser.add_argument("--failed", help=argparse.SUPPRESS)
    parser.add_argument("--width", type=int, default=256)
    parser.add_argument("--horizon", type=int, default=3)
    parser.add_argument("--particles", type=int, default=1000)
    parser.add_argument("--search", choices=["cem", "mppi", "gradient"], default="mppi")
    parser.add_argument("--precision", choices=["fp32", "bf16"], default="fp32", help="of the model's predictions")
    parser.add_argument("--uncertainty", choices=["true", "false"], default="true")
    given = parser.parse_args()
    if given.mode is None and given.device == "cuda":
        given.mode = "compiled" if hasattr(torch, "compile") else "eager"
    if given.seconds is None:
        given.seconds = 0.4 if given.device == "cuda" else 2.0
    torch.manual_seed(1)
    torch.set_num_threads(given.threads)
    torch.set_flush_denormal(True)
    torch.set_float32_matmul_precision("high" if given.tf32 else "highest")
    return given


def run(build, units, variants=lambda given: [None]):
    """Measures the fastest of the variants and prints a line of JSON: once, or again for every line of input."""
    given = options()
    mode, name, case = fastest(given, build, variants)
    precisions = ["bf16"] * (given.precision == "bf16") + ["tf32"] * given.tf32 or ["fp32"]
    told = {"mode": mode, "precision": " ".join(precisions), "torch": torch.__version__}
    if name is not None:
        told["variant"] = name
    if given.failed:
        told["failed"] = given.failed
    if given.serve:
        print(json.dumps(told), flush=True)
    for _ in sys.stdin if given.serve else [None]:
        case.time(given.seconds / 2, 1)
        told["units_per_s"] = units(given) / case.time(given.seconds, LEAST_STEPS)
        case.check()
        print(json.dumps(told), flush=True)


def start_again_eagerly(mode, failure):
    """In a fresh process: a recording that broke off leaves the random generators and the stream unusable."""
    why = f"{mode}: {type(failure).__name__}: {failure}".split("\n")[0][:300]
    print(why, file=sys.stderr, flush=True)
    os.execv(sys.executable, [sys.executable, *sys.argv, "--mode", "eager", "--failed", why])


def fastest(given, build, variants):
    """Mode, name and step of the fastest variant in short trials, in either mode where none is asked for."""
    cases = []
    for mode in [given.mode] if given.mode else ["eager"] + ["compiled"] * hasattr(torch, "compile"):
        way = argparse.Namespace(**{**vars(given), "mode": mode})
        try:
            cases += [(mode, name, prepare(way, build, name)) for name in variants(way)]
        except Exception as failure:  # of whatever kind: torch.compile passes on those of its compilers
            if mode == "eager":
                raise
            start_again_eagerly(mode, failure)
    if len(cases) == 1:
        return cases[0]
    rounds = [[case.time(TRIAL_SECONDS, 1) for _, _, case in cases] for _ in range(TRIAL_ROUNDS)]
    least = [min(times) for times in zip(*rounds)]
    return cases[least.index(min(least))]


def prepare(given, build, variant):
    step = build(given, compiler(given.device) if given.mode == "compiled" else same, variant)
    if given.mode == "eager" or (given.mode == "compiled" and given.device == "cpu"):
        return Case(step, step(), given.device)
    return recorded(step, given.device)


def same(function):
    return function


def compiler(device):
    # On a CPU torch.compile makes its own random numbers one by one.
    torch._inductor.config.fallback_random = device == "cpu"
    # Every variant defines its functions anew, which counts as compiling the same ones again.
    for limit in ("recompile_limit", "cache_size_limit"):
        if hasattr(torch._dynamo.config, limit):
            setattr(torch._dynamo.config, limit, 64)
    return lambda function: torch.compile(function, dynamic=False)


def recorded(step, device):
    """The whole step, Adam included, as one CUDA graph, after a few steps that compile and allocate."""
    stream = torch.cuda.Stream()
    stream.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(stream):
        for _ in range(WARM_UP_STEPS):
            step()
    torch.cuda.synchronize()
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph, stream=stream):
        outcome = step()
    graph.replay()
    return Case(graph.replay, outcome, device)


class Case:
    """A step that is ready, and a tensor of its outcome."""

    def __init__(self, step, outcome, device):
        self.step = step
        self.outcome = outcome
        self.wait = torch.cuda.synchronize if device == "cuda" else lambda: None

    def time(self, seconds, least):
        """Seconds of the median step of `least` or more, its end on a GPU included."""
        times = []
        end = time.perf_counter() + seconds
        while time.perf_counter() < end or len(times) < least:
            self.wait()
            start = time.perf_counter()
            outcome = self.step()
            self.wait()
            times.append(time.perf_counter() - start)
            self.outcome = self.outcome if outcome is None else outcome
        times.sort()
        return times[len(times) // 2]

    def check(self):
        if not torch.isfinite(self.outcome).all():
            raise SystemExit("wrong answer: the outcome is not finite")
