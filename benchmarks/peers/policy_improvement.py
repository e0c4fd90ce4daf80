"""The PyTorch side of PolicyImprovement: plans of H steps from 256 states through the ensemble, the critics, Adam.

Each step has a policy of its own; the tail is worth the least target critic at a fresh action of the first one. What
differs from ours: the uncertainty, its penalty and the ends of plans are left out, neither forwards nor backwards.
--uncertainty true computes every member of the ensemble for every row, which an uncertainty needs, and takes the answer
of a random elite; --uncertainty false computes no more than one needs without it.
"""

import torch

from common import DISCOUNT, SHAPES, Replay, act, adam, critic_network, follow, frozen, policy_network, values
from dynamics import Dynamics, routes
from running import run

ROWS = 256


def build(given, compiled, route):
    states, actions, _ = SHAPES[given.shape]
    device, horizon = given.device, given.horizon
    model = Dynamics(given.shape, device)
    critics = critic_network(states, actions, device)
    targets = critic_network(states, actions, device, trained=False)
    policies = [policy_network(states, actions, device) for _ in range(horizon)]
    parameters = [p for policy in policies for p in policy.parameters()]
    log_alpha = torch.tensor(-1.6, device=device, requires_grad=True)
    critic_adam = adam(critics.parameters(), 3e-4, device)
    policy_adam = adam(parameters + [log_alpha], 3e-4, device)
    replay = Replay(states, actions, device)

    # A step, not the loop of them: it is compiled once for all, and a graph joins them anyway.
    @compiled
    def advance(state, policy):
        action, log_prob = act(state, policy)
        following, reward = model.step(state, action, route)
        return following, reward - log_alpha.exp().detach() * log_prob, log_prob

    @compiled
    def tail(state, policy):
        action, log_prob = act(state, frozen(policy))
        return values(state, action, targets.all()).amin(0) - log_alpha.exp().detach() * log_prob

    @compiled
    def critic_loss(state, action, reward, following, policy):
        with torch.no_grad():
            fresh, log_prob = act(following, policy)
            value = values(following, fresh, targets.all()).amin(0) - log_alpha.exp() * log_prob
            goal = reward + DISCOUNT * value
        return (values(state, action, critics.all()) - goal).square().mean(1).sum()

    def policy_loss(state):
        objective, first = 0, None
        for h, policy in enumerate(policies):
            state, share, log_prob = advance(state, policy.all())
            objective = objective + DISCOUNT**h * share
            first = log_prob if h == 0 else first
        objective = objective + DISCOUNT**horizon * tail(state, policies[0].all())
        return -objective.mean() - log_alpha * (first.detach().mean() - actions)

    def step():
        state, action, reward, following = replay.batch(ROWS)
        critic_adam.zero_grad(set_to_none=True)
        critic_loss(state, action, reward, following, policies[0].all()).backward()
        policy_adam.zero_grad(set_to_none=True)
        loss = policy_loss(state)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 100)
        policy_adam.step()
        torch.nn.utils.clip_grad_norm_(critics.parameters(), 100)
        critic_adam.step()
        follow(targets.parameters(), critics.parameters(), 0.005)
        return loss.detach()

    return step


def variants(given):
    return ["all"] if given.uncertainty == "true" else routes(given)


run(build, lambda given: 1, variants)
