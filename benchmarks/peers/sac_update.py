"""The PyTorch side of SacUpdate: twin critics in one baddbmm a layer, policy, temperature, targets."""

import torch

from common import DISCOUNT, SHAPES, Replay, act, critic_network, follow, frozen, learner, policy_network, values
from running import run

ROWS = 256


def build(given, compiled, _):
    states, actions, _ = SHAPES[given.shape]
    device = given.device
    critics = critic_network(states, actions, device, given.width)
    targets = critic_network(states, actions, device, given.width, trained=False)
    policy = policy_network(states, actions, device, given.width)
    log_alpha = torch.tensor(-1.6, device=device, requires_grad=True)
    replay = Replay(states, actions, device)

    @compiled
    def critic_loss(state, action, reward, following):
        with torch.no_grad():
            fresh, log_prob = act(following, policy.all())
            value = values(following, fresh, targets.all()).amin(0) - log_alpha.exp() * log_prob
            goal = reward + DISCOUNT * value
        return (values(state, action, critics.all()) - goal).square().mean(1).sum()

    @compiled
    def policy_loss(state):
        fresh, log_prob = act(state, policy.all())
        value = values(state, fresh, frozen(critics.all())).amin(0)
        entropy = log_prob.detach().mean() - actions
        return (log_alpha.exp().detach() * log_prob - value).mean() - log_alpha * entropy

    twins = critics.parameters()
    learn_critics = learner(critic_loss, [{"params": twins}], 3e-4, given, compiled, twins)
    # The temperature's step size is the policy's: one kernel for both.
    groups = [{"params": policy.parameters() + [log_alpha]}]
    learn_policy = learner(policy_loss, groups, 3e-4, given, compiled, policy.parameters())

    def step():
        state, action, reward, following = replay.batch(ROWS)
        learn_critics(state, action, reward, following)
        follow(targets.parameters(), twins, 0.005)
        return learn_policy(state)

    return step


run(build, lambda given: 1)
