"""The PyTorch side of EnsembleTrainStep: 7 members of 4 SiLU layers, batch 256 each, NLL, decay, Adam."""

import torch

from common import SHAPES, Ensemble, adam, clamped, compiled, options, report

MEMBERS, ROWS, TRANSITIONS = 7, 256, 20000


def main():
    given = options()
    states, actions, width = SHAPES[given.shape]
    outputs = states + 1
    model = Ensemble(MEMBERS, states + actions, width, 4, 2 * outputs, torch.nn.functional.silu)
    high = torch.nn.Parameter(torch.full((outputs,), 0.5))
    low = torch.nn.Parameter(torch.full((outputs,), -10.0))
    inputs = torch.randn(TRANSITIONS, states + actions)
    targets = torch.randn(TRANSITIONS, outputs)
    decays = [2.5e-5, 5e-5, 7.5e-5, 7.5e-5, 1e-4]
    groups = [
        {"params": [w, b], "weight_decay": decay}
        for w, b, decay in zip(model.weights, model.biases, decays)
    ]
    optimizer = adam(groups + [{"params": [high, low]}], 1e-3)

    @compiled
    def loss_of(x, y):
        mean, raw = model(x).chunk(2, -1)
        log_variance = clamped(raw, high, low)
        nll = ((mean - y).square() * torch.exp(-log_variance) + log_variance).mean((1, 2)).sum()
        return nll + 0.01 * (high.sum() - low.sum())

    def step():
        index = torch.randint(TRANSITIONS, (MEMBERS, ROWS))
        optimizer.zero_grad(set_to_none=True)
        loss_of(inputs[index], targets[index]).backward()
        optimizer.step()

    report(step, 1, given.seconds)


main()
