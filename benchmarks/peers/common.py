"""What the PyTorch comparators share: sizes, networks, Adam, actions, values. See README.md."""

import math
import os

# Several modes are prepared side by side: none of them may take all cores to compile.
os.environ.setdefault("TORCHINDUCTOR_COMPILE_THREADS", "1")

import torch

SHAPES = {
    "halfcheetah": (17, 6, 200),
    "hopper": (11, 3, 200),
    "ant": (27, 8, 200),
    "humanoid": (45, 17, 400),
}

DISCOUNT = 0.99
LARGEST_NORM = 100


class Network:
    """An MLP, weights (in, out); or `members` of them side by side, weights (members, in, out)."""

    def __init__(self, sizes, device, members=None, trained=True, kind=torch.float32):
        lead = () if members is None else (members,)
        row = () if members is None else (1,)
        self.weights, self.biases = [], []
        for fan_in, fan_out in zip(sizes, sizes[1:]):
            weight = (torch.rand(*lead, fan_in, fan_out, device=device) * 2 - 1) / math.sqrt(fan_in)
            self.weights.append(weight.to(kind).requires_grad_(trained))
            bias = torch.zeros(*lead, *row, fan_out, device=device, dtype=kind)
            self.biases.append(bias.requires_grad_(trained))

    def all(self):
        """What `mlp` takes."""
        return self.weights, self.biases

    def first(self, members):
        """The same of the first members."""
        return [w[:members] for w in self.weights], [b[:members] for b in self.biases]

    def member(self, m):
        """The same of one member, without its leading dimension."""
        return [w[m] for w in self.weights], [b[m, 0] for b in self.biases]

    def parameters(self):
        return self.weights + self.biases


def mlp(x, network, activation):
    """(rows, in), or (members, rows, in): one addmm or baddbmm a layer."""
    weights, biases = network
    product = torch.addmm if weights[0].dim() == 2 else torch.baddbmm
    for layer, (w, b) in enumerate(zip(weights, biases)):
        x = product(b, x, w)
        if layer < len(weights) - 1:
            # Nobody needs what goes into an activation where nothing is differentiated.
            x = activation(x, inplace=not torch.is_grad_enabled())
    return x


def frozen(network):
    """The same network, of which only the inputs are differentiated."""
    weights, biases = network
    return [w.detach() for w in weights], [b.detach() for b in biases]


def policy_network(states, actions, device, width=256, trained=True):
    return Network([states, width, width, 2 * actions], device, trained=trained)


def critic_network(states, actions, device, width=256, trained=True):
    return Network([states + actions, width, width, 1], device, members=2, trained=trained)


def adam(parameters, learning_rate, device):
    """Adam over all tensors in one kernel where this PyTorch has that, which a graph may record."""
    version = tuple(int(part) for part in torch.__version__.split(".")[:2])
    if device == "cuda":
        option = {"fused": True, "capturable": True}
    else:
        option = {"fused": True} if version >= (2, 4) else {"foreach": True}
    return torch.optim.Adam(list(parameters), lr=learning_rate, **option)


def learner(loss_of, groups, rate, given, compiled, clipped=()):
    """A step of Adam down a loss: takes the arguments of the loss, gives back its value.

    `groups` are those of torch.optim, `clipped` the first of their parameters: their gradients' norm is clipped.
    """
    if given.mode == "compiled" and given.device == "cpu" and hasattr(torch._dynamo.config, "trace_autograd_ops"):
        return compiled(joined(loss_of, groups, rate, len(clipped)))
    optimizer = adam(groups, rate, given.device)

    def learn(*arguments):
        optimizer.zero_grad(set_to_none=True)
        loss = loss_of(*arguments)
        loss.backward()
        if clipped:
            torch.nn.utils.clip_grad_norm_(clipped, LARGEST_NORM)
        optimizer.step()
        return loss.detach()

    return learn


def joined(loss_of, groups, rate, clipped):
    """The same for one graph, into which neither backward() nor torch.optim's fused Adam would go."""
    torch._dynamo.config.trace_autograd_ops = True
    parameters = [p for group in groups for p in group["params"]]
    decays = [group.get("weight_decay", 0) for group in groups for _ in group["params"]]
    first = [torch.zeros_like(p, requires_grad=False) for p in parameters]
    second = [torch.zeros_like(p, requires_grad=False) for p in parameters]
    powers = [torch.ones(()), torch.ones(())]

    def learn(*arguments):
        loss = loss_of(*arguments)
        gradients = list(torch.autograd.grad(loss, parameters))
        with torch.no_grad():
            if clipped:
                norm = sum(g.square().sum() for g in gradients[:clipped]).sqrt()
                scale = (LARGEST_NORM / (norm + 1e-6)).clamp_max(1)
                gradients[:clipped] = [g * scale for g in gradients[:clipped]]
            powers[0].mul_(0.9)
            powers[1].mul_(0.999)
            size, root = rate / (1 - powers[0]), (1 - powers[1]).rsqrt()
            for p, g, m, v, decay in zip(parameters, gradients, first, second, decays):
                g = g + decay * p if decay else g
                m.lerp_(g, 0.1)
                v.mul_(0.999).addcmul_(g, g, value=0.001)
                p.sub_(size * m / (v.sqrt() * root + 1e-8))
        return loss.detach()

    return learn


def follow(slow, online, rate):
    """The target network's parameters move towards the trained one's, all in one kernel where that exists."""
    online = [p.detach() for p in online]
    if hasattr(torch, "_foreach_lerp_"):
        torch._foreach_lerp_(slow, online, rate)
    else:
        torch._foreach_mul_(slow, 1 - rate)
        torch._foreach_add_(slow, online, alpha=rate)


def clamped(raw, high, low):
    """A log-variance softly between its bounds."""
    raw = high - torch.nn.functional.softplus(high - raw)
    return low + torch.nn.functional.softplus(raw - low)


def act(state, policy):
    """A fresh tanh-Gaussian action and its log-probability."""
    mean, log_std = mlp(state, policy, torch.nn.functional.relu).chunk(2, -1)
    log_std = log_std.clamp(-20, 2)
    noise = torch.randn_like(mean)
    raw = mean + noise * log_std.exp()
    correction = 2 * (math.log(2) - raw - torch.nn.functional.softplus(-2 * raw))
    log_prob = (-0.5 * noise.square() - log_std - 0.5 * math.log(2 * math.pi) - correction).sum(-1)
    return torch.tanh(raw), log_prob


def values(state, action, critics):
    """(critics, rows)."""
    x = torch.cat((state, action), -1)
    return mlp(x.expand(2, *x.shape), critics, torch.nn.functional.relu).squeeze(-1)


class Replay:
    """Made-up transitions, and batches of them."""

    SIZE = 20000

    def __init__(self, states, actions, device):
        self.device = device
        self.columns = [
            torch.randn(self.SIZE, states, device=device),
            torch.rand(self.SIZE, actions, device=device) * 1.8 - 0.9,
            torch.randn(self.SIZE, device=device),
            torch.randn(self.SIZE, states, device=device),
        ]

    def batch(self, rows):
        """state, action, reward, next state."""
        index = torch.randint(self.SIZE, (rows,), device=self.device)
        return [column[index] for column in self.columns]
