"""The PyTorch side of EnsembleTrainStep: 7 members of 4 SiLU layers, batch 256 each, NLL, decay, Adam."""

import torch

from common import SHAPES, Network, clamped, learner, mlp
from running import run

MEMBERS, ROWS, TRANSITIONS = 7, 256, 20000


def build(given, compiled, _):
    states, actions, width = SHAPES[given.shape]
    device = given.device
    outputs = states + 1
    sizes = [states + actions] + [width] * 4 + [2 * outputs]
    model = Network(sizes, device, members=MEMBERS)
    high = torch.full((outputs,), 0.5, device=device, requires_grad=True)
    low = torch.full((outputs,), -10.0, device=device, requires_grad=True)
    inputs = torch.randn(TRANSITIONS, states + actions, device=device)
    targets = torch.randn(TRANSITIONS, outputs, device=device)
    decays = [2.5e-5, 5e-5, 7.5e-5, 7.5e-5, 1e-4]
    groups = [
        {"params": [w, b], "weight_decay": decay}
        for w, b, decay in zip(model.weights, model.biases, decays)
    ]

    @compiled
    def loss_of(index):
        mean, raw = mlp(inputs[index], model.all(), torch.nn.functional.silu).chunk(2, -1)
        log_variance = clamped(raw, high, low)
        nll = ((mean - targets[index]).square() * torch.exp(-log_variance) + log_variance).mean((1, 2)).sum()
        return nll + 0.01 * (high.sum() - low.sum())

    learn = learner(loss_of, groups + [{"params": [high, low]}], 1e-3, given, compiled)
    return lambda: learn(torch.randint(TRANSITIONS, (MEMBERS, ROWS), device=device))


run(build, lambda given: 1)
