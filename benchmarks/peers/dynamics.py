"""The ensemble of the comparators, and three ways to ask one random elite per row. See README.md."""

import torch

from common import SHAPES, Network, clamped, mlp

MEMBERS, ELITES = 7, 5


def routes(given):
    """Ways of `Dynamics.heads` to try: a graph may not wait for the host, and a CPU should not compute in vain."""
    return ["shuffled"] + ["every"] * (given.device == "cuda") + ["sorted"] * (given.mode == "eager")


class Dynamics:
    """Elites are the first members, and outputs are not standardised: both are less work than ours."""

    def __init__(self, given):
        states, actions, width = SHAPES[given.shape]
        device = given.device
        sizes = [states + actions] + [width] * 4 + [2 * (states + 1)]
        kind = torch.bfloat16 if given.precision == "bf16" else torch.float32
        self.network = Network(sizes, device, members=MEMBERS, trained=False, kind=kind)
        self.high = torch.full((states + 1,), 0.5, device=device)
        self.low = torch.full((states + 1,), -10.0, device=device)
        self.mean = torch.randn(states + actions, device=device) * 0.1
        self.inverse = torch.rand(states + actions, device=device) + 0.5

    def input(self, state, action):
        return (torch.cat((state, action), -1) - self.mean) * self.inverse

    def step(self, state, action, route, noise=True):
        """Next state and reward of every row by an elite of its own; sampled, or the mean."""
        mean, raw = self.heads(self.input(state, action), route).chunk(2, -1)
        if noise:
            mean = mean + torch.randn_like(mean) * torch.exp(0.5 * clamped(raw, self.high, self.low))
        return state + mean[:, :-1], mean[:, -1]

    def heads(self, x, route):
        """(rows, 2 outputs) from inputs (rows, in), through layers of the network's precision."""
        return self.routed(x.to(self.network.weights[0].dtype), route).float()

    def routed(self, x, route):
        if route == "shuffled":
            return self.shuffled(x)
        if route == "sorted":
            return self.sorted(x)
        return self.chosen(x, MEMBERS if route == "all" else ELITES)

    def chosen(self, x, members):
        """Every row through several members, of which one elite's answer is taken."""
        heads = mlp(x.expand(members, *x.shape), self.network.first(members), torch.nn.functional.silu)
        index = torch.randint(ELITES, (1, x.shape[0], 1), device=x.device)
        return heads.gather(0, index.expand(1, x.shape[0], heads.shape[2]))[0]

    def shuffled(self, x):
        """Rows in random order, an equal share to each elite: neither waits nor pads, but draws are not independent."""
        rows = x.shape[0]
        slots = -(-rows // ELITES) * ELITES
        order = torch.rand(slots, device=x.device).argsort()
        slot = torch.empty_like(order).scatter_(0, order, torch.arange(slots, device=x.device))
        shares = x[order % rows].view(ELITES, slots // ELITES, x.shape[1])
        heads = mlp(shares, self.network.first(ELITES), torch.nn.functional.silu)
        return heads.view(slots, -1)[slot[:rows]]

    def sorted(self, x):
        """Rows sorted by elites drawn independently, one matmul chain per elite: waits for their counts."""
        order = torch.randint(ELITES, (x.shape[0],), device=x.device).sort()
        counts = torch.bincount(order.values, minlength=ELITES).tolist()
        parts = x[order.indices].split(counts)
        silu = torch.nn.functional.silu
        heads = torch.cat([mlp(part, self.network.member(m), silu) for m, part in enumerate(parts)])
        return torch.empty_like(heads).index_copy_(0, order.indices, heads)
