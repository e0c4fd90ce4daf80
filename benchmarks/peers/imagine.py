"""The PyTorch side of Imagine: particles sorted by their random elite, one matmul chain per member."""

import torch

from common import SHAPES, Ensemble, clamped, options, report, squashed

MEMBERS, ELITES = 7, 5


def main():
    given = options()
    states, actions, width = SHAPES[given.shape]
    silu = torch.nn.functional.silu
    model = Ensemble(MEMBERS, states + actions, width, 4, 2 * (states + 1), silu)
    policy = Ensemble(1, states, 256, 2, 2 * actions, torch.relu)
    high, low = torch.full((states + 1,), 0.5), torch.full((states + 1,), -10.0)
    start = torch.randn(given.particles, states)

    def member(m, x):
        last = len(model.weights) - 1
        for layer, (w, b) in enumerate(zip(model.weights, model.biases)):
            x = torch.addmm(b[m, 0], x, w[m])
            if layer < last:
                x = silu(x, inplace=True)
        return x

    @torch.inference_mode()
    def step():
        state = start
        for _ in range(given.horizon):
            action, _ = squashed(policy(state[None])[0])
            order = torch.randint(ELITES, (given.particles,)).sort()
            x = torch.cat((state, action), -1)[order.indices]
            counts = torch.bincount(order.values, minlength=ELITES).tolist()
            heads = torch.empty(given.particles, 2 * (states + 1))
            heads[order.indices] = torch.cat([member(m, part) for m, part in enumerate(x.split(counts))])
            mean, raw = heads.chunk(2, -1)
            noise = torch.randn_like(mean) * torch.exp(0.5 * clamped(raw, high, low))
            state = state + (mean + noise)[:, :states]

    report(step, given.particles * given.horizon, given.seconds)


main()
