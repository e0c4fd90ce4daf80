"""The PyTorch side of Imagine: a policy acts, a random elite per particle and step answers."""

import torch

from common import SHAPES, act, policy_network
from dynamics import Dynamics, routes
from running import run


def build(given, compiled, route):
    states, actions, _ = SHAPES[given.shape]
    model = Dynamics(given)
    policy = policy_network(states, actions, given.device, trained=False)
    start = torch.randn(given.particles, states, device=given.device)

    @compiled
    def advance(state):
        action, _ = act(state, policy.all())
        return model.step(state, action, route)[0]

    @torch.no_grad()
    def step():
        state = start
        for _ in range(given.horizon):
            state = advance(state)
        return state

    return step


run(build, lambda given: given.particles * given.horizon, routes)
