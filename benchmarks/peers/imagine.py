"""The PyTorch side of Imagine: a policy acts, a random elite per particle and step answers, and every step is kept.

What differs from ours: log-probabilities of the actions are not kept, so a compiler may leave them out.
"""

import torch

from common import SHAPES, act, policy_network
from dynamics import Dynamics, routes
from running import run


def build(given, compiled, route):
    states, actions, _ = SHAPES[given.shape]
    model = Dynamics(given)
    policy = policy_network(states, actions, given.device, trained=False)
    start = torch.randn(given.particles, states, device=given.device)
    walk = []

    @compiled
    def advance(state):
        action, _ = act(state, policy.all())
        return action, *model.step(state, action, route)

    @torch.no_grad()
    def step():
        walk.clear()
        state = start
        for _ in range(given.horizon):
            action, after, reward = advance(state)
            walk.append((state, action, reward, after))
            state = after
        return state

    return step


run(build, lambda given: given.particles * given.horizon, routes)
