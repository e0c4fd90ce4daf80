"""The PyTorch side of SacUpdate: twin critics in one baddbmm a layer, policy, temperature, targets."""

import copy

import torch

from common import SHAPES, Ensemble, adam, compiled, options, report, squashed

ROWS, TRANSITIONS = 256, 20000


def main():
    given = options()
    states, actions, _ = SHAPES[given.shape]
    relu = torch.relu
    critics = Ensemble(2, states + actions, given.width, 2, 1, relu)
    targets = copy.deepcopy(critics).requires_grad_(False)
    policy = Ensemble(1, states, given.width, 2, 2 * actions, relu)
    log_alpha = torch.nn.Parameter(torch.tensor(-1.6))
    critic_adam = adam(critics.parameters(), 3e-4)
    policy_adam = adam(policy.parameters(), 3e-4)
    alpha_adam = adam([log_alpha], 3e-4)
    replay = [torch.randn(TRANSITIONS, states), torch.rand(TRANSITIONS, actions) * 1.8 - 0.9]
    replay += [torch.randn(TRANSITIONS), torch.randn(TRANSITIONS, states)]
    online, slow = list(critics.parameters()), list(targets.parameters())

    def value(networks, state, action):
        x = torch.cat((state, action), -1)
        return networks(x.expand(2, *x.shape)).squeeze(-1)

    @compiled
    def critic_loss(state, action, reward, following, alpha):
        with torch.no_grad():
            fresh, log_prob = squashed(policy(following[None])[0])
            goal = reward + 0.99 * (value(targets, following, fresh).amin(0) - alpha * log_prob)
        return (value(critics, state, action) - goal).square().mean(1).sum()

    @compiled
    def policy_loss(state, alpha):
        fresh, log_prob = squashed(policy(state[None])[0])
        return (alpha * log_prob - value(critics, state, fresh).amin(0)).mean(), log_prob

    def step():
        index = torch.randint(TRANSITIONS, (ROWS,))
        state, action, reward, following = (column[index] for column in replay)
        alpha = log_alpha.exp().detach()
        critic_adam.zero_grad(set_to_none=True)
        critic_loss(state, action, reward, following, alpha).backward()
        torch.nn.utils.clip_grad_norm_(critics.parameters(), 100)
        critic_adam.step()
        torch._foreach_mul_(slow, 0.995)
        torch._foreach_add_(slow, [p.detach() for p in online], alpha=0.005)
        critics.requires_grad_(False)
        policy_adam.zero_grad(set_to_none=True)
        loss, log_prob = policy_loss(state, alpha)
        loss.backward()
        critics.requires_grad_(True)
        torch.nn.utils.clip_grad_norm_(policy.parameters(), 100)
        policy_adam.step()
        alpha_adam.zero_grad(set_to_none=True)
        (-log_alpha * (log_prob.detach().mean() - actions)).backward()
        alpha_adam.step()

    report(step, 1, given.seconds)


main()
