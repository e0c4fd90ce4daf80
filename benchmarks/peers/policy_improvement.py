"""The PyTorch side of PolicyImprovement: plans of H steps from 256 states through the ensemble, the critics, Adam.

Each step has a policy of its own; the tail is worth the least target critic at a fresh action of the first one. What
differs from ours: the uncertainty, its penalty and the ends of plans are left out, neither forwards nor backwards.
--uncertainty true computes every member of the ensemble for every row, which an uncertainty needs, and takes the answer
of a random elite; --uncertainty false computes no more than one needs without it.
"""

import torch

from common import DISCOUNT, SHAPES, Replay, act, critic_network, follow, frozen, learner, policy_network, values
from dynamics import Dynamics, routes
from running import run

ROWS = 256


def build(given, compiled, route):
    states, actions, _ = SHAPES[given.shape]
    device, horizon = given.device, given.horizon
    model = Dynamics(given)
    critics = critic_network(states, actions, device)
    targets = critic_network(states, actions, device, trained=False)
    policies = [policy_network(states, actions, device) for _ in range(horizon)]
    parameters = [p for policy in policies for p in policy.parameters()]
    log_alpha = torch.tensor(-1.6, device=device, requires_grad=True)
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

    twins = critics.parameters()
    learn_critics = learner(critic_loss, [{"params": twins}], 3e-4, given, compiled, twins)
    learn_policies = learner(policy_loss, [{"params": parameters + [log_alpha]}], 3e-4, given, compiled, parameters)

    def step():
        state, action, reward, following = replay.batch(ROWS)
        learn_critics(state, action, reward, following, policies[0].all())
        loss = learn_policies(state)
        follow(targets.parameters(), twins, 0.005)
        return loss

    return step


def variants(given):
    return ["all"] if given.uncertainty == "true" else routes(given)


run(build, lambda given: 1, variants)
