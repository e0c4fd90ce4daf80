"""The PyTorch side of Plan: one whole plan of CEM, MPPI or gradient ascent, with the default sizes of each search.

What differs from ours: no row is tested for a terminal state, so none is compacted away.
"""

import torch

from common import DISCOUNT, SHAPES, act, adam, critic_network, mlp, policy_network, values
from dynamics import ELITES, Dynamics, routes
from running import run

CEM = dict(candidates=350, horizon=15, iterations=5, particles=20, elites=35, proposals=0)
CEM.update(sharpness=0.0, momentum=0.1, deviation=0.5, least=0.05)
MPPI = dict(candidates=512, horizon=3, iterations=6, particles=1, elites=64, proposals=24)
MPPI.update(sharpness=0.5, momentum=0.0, deviation=2.0, least=0.05)
CANDIDATES, HORIZON, ITERATIONS, STEP_SIZE = 16, 5, 10, 0.1


class Agent:
    """What all searches plan with, and the plan they leave for the next time."""

    def __init__(self, given, compiled, route, horizon):
        states, self.actions, _ = SHAPES[given.shape]
        self.device = given.device
        model = Dynamics(given)
        policy = policy_network(states, self.actions, self.device, trained=False).all()
        critics = critic_network(states, self.actions, self.device, trained=False).all()
        self.model = model
        self.observation = torch.randn(states, device=self.device)
        self.mean = torch.zeros(horizon, self.actions, device=self.device)

        @compiled
        def propose(state):
            action, _ = act(state, policy)
            return action, model.step(state, action, route)[0]

        @compiled
        def tail(state):
            return values(state, act(state, policy)[0], critics).amin(0)

        self.propose, self.tail = propose, tail

    def shifted(self):
        """The last plan from its second step on; its new last step is 0."""
        return torch.cat((self.mean[1:], torch.zeros_like(self.mean[:1])))

    def proposals(self, count, horizon):
        """(horizon, count, actions): what the policy does in the model."""
        state = self.observation.expand(count, -1).contiguous()
        actions = []
        for _ in range(horizon):
            action, state = self.propose(state)
            actions.append(action)
        return torch.stack(actions)


def finite(score):
    return torch.where(score.isfinite(), score, torch.full_like(score, -torch.inf))


def sampled(given, compiled, route, settings):
    """CEM, or MPPI: a share of the sequences is the policy's, and critics value the last states."""
    candidates, horizon, particles = settings["candidates"], settings["horizon"], settings["particles"]
    proposals, valued = settings["proposals"], settings["proposals"] > 0
    agent = Agent(given, compiled, route, horizon)

    @compiled
    def draw(mean, deviation):
        noise = torch.randn(horizon, candidates - proposals, agent.actions, device=given.device)
        return (mean[:, None] + deviation[:, None] * noise).clamp(-1, 1)

    @compiled
    def advance(state, action, total, discount):
        state, reward = agent.model.step(state, action.repeat(particles, 1), route, noise=particles > 1)
        return state, total + discount * reward

    @compiled
    def refit(total, sequence, mean, deviation):
        score = finite(total.view(particles, candidates).mean(0))
        best, index = score.topk(settings["elites"])
        chosen = sequence[:, index]
        weight = torch.softmax(settings["sharpness"] * best, 0)[:, None]
        fit = (weight * chosen).sum(1)
        spread = (weight * (chosen - fit[:, None]).square()).sum(1).sqrt()
        keep = settings["momentum"]
        deviation = (keep * deviation + (1 - keep) * spread).clamp(settings["least"], settings["deviation"])
        return keep * mean + (1 - keep) * fit, deviation

    discounts = [torch.tensor(DISCOUNT**h, device=given.device) for h in range(horizon)]

    def iterate(mean, deviation, proposed):
        sequence = draw(mean, deviation)
        if proposals:
            sequence = torch.cat((proposed, sequence), 1)
        state = agent.observation.expand(candidates * particles, -1).contiguous()
        total = torch.zeros(candidates * particles, device=given.device)
        for h in range(horizon):
            state, total = advance(state, sequence[h], total, discounts[h])
        if valued:
            total = total + DISCOUNT**horizon * agent.tail(state)
        return refit(total, sequence, mean, deviation)

    if given.device == "cpu":
        # One compiled function costs less to call than several; on a GPU a graph joins them anyway.
        iterate = compiled(iterate)

    @torch.no_grad()
    def step():
        mean = agent.shifted()
        deviation = torch.full_like(mean, settings["deviation"])
        proposed = agent.proposals(proposals, horizon) if proposals else None
        for _ in range(settings["iterations"]):
            mean, deviation = iterate(mean, deviation, proposed)
        agent.mean.copy_(mean)
        return agent.mean

    return step


def gradient(given, compiled, route):
    """Adam on candidates, each through the mean of every elite; the last one is the best plan so far."""
    agent = Agent(given, compiled, route, HORIZON)
    elites = agent.model.network.first(ELITES)
    sequence = torch.zeros(HORIZON, CANDIDATES, agent.actions, device=given.device, requires_grad=True)
    optimizer = adam([sequence], STEP_SIZE, given.device)

    @compiled
    def advance(state, action):
        x = agent.model.input(state, action.expand(ELITES, *action.shape)).to(elites[0][0].dtype)
        mean = mlp(x, elites, torch.nn.functional.silu).float().chunk(2, -1)[0]
        return state + mean[..., :-1], mean[..., -1]

    def objective():
        state = agent.observation.expand(ELITES, CANDIDATES, -1).contiguous()
        total = 0
        for h in range(HORIZON):
            state, reward = advance(state, sequence[h])
            total = total + DISCOUNT**h * reward
        total = total + DISCOUNT**HORIZON * agent.tail(state.flatten(0, 1)).view(ELITES, CANDIDATES)
        return total.mean(0)

    @compiled
    def best(score):
        index = finite(score.detach()).argmax().view(1)
        return sequence.detach().index_select(1, index)

    def step():
        with torch.no_grad():
            proposed = agent.proposals(CANDIDATES - 1, HORIZON)
            sequence.copy_(torch.cat((proposed, agent.shifted()[:, None]), 1))
            for moment in optimizer.state[sequence].values() if sequence in optimizer.state else ():
                moment.zero_()
        for _ in range(ITERATIONS):
            score = objective()
            found = best(score)
            (sequence.grad,) = torch.autograd.grad(-score.mean(), [sequence])
            optimizer.step()
            with torch.no_grad():
                sequence.clamp_(-1, 1)
                sequence[:, -1:] = found
        with torch.no_grad():
            agent.mean.copy_(best(objective())[:, 0])
        return agent.mean

    return step


def build(given, compiled, route):
    if given.search == "gradient":
        return gradient(given, compiled, route)
    return sampled(given, compiled, route, CEM if given.search == "cem" else MPPI)


def variants(given):
    # Gradient ascent asks random elites for a few proposals alone.
    return ["every"] if given.search == "gradient" else routes(given)


run(build, lambda given: 1, variants)
