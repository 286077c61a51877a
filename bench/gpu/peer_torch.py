"""PyTorch peers of the packed trainer: the same network, batch and optimiser, written as someone would who knows PyTorch.

    python3 peer_torch.py --widths 16,32,64,128 --trials 2048,4096,512 --seconds 2
    python3 peer_torch.py --dry                 on the CPU without graphs or torch.compile: does each peer learn, and does a trial of the ensemble do what it
                                                does alone? No figures.

One line of JSON per measurement: peer, width, trials, precision, trial_steps_per_second. Peers: eager (one trial, fused Adam), graphs (one trial, many steps
in a CUDA graph), ensemble (all trials at once: baddbmm over a leading axis of trials, torch.compile, CUDA graphs). Every peer draws its batches
on the GPU with PyTorch's own generator.
"""
import argparse
import json
import math
import sys
import time

try:
    import torch
except ImportError as missing:  # Said, not failed: the others go on.
    print(json.dumps({"peer": "pytorch", "missing": str(missing)}))
    sys.exit(0)

D, FEATURES, BATCH, LEVELS, POINTS, LAYERS = 2, 32, 256, 4096, 20000, 3


def tables(device):
    """Noise levels of vp-linear, uniform in time: scaled input and target coefficients, time features."""
    t = (torch.arange(LEVELS, device=device, dtype=torch.float64) + 0.5) / LEVELS
    a = torch.exp(-(0.1 * t + 19.9 * t * t / 2) / 2)
    s = torch.sqrt(1 - a * a)
    c = torch.log(s / a)[:, None] / 4
    f = 0.5 * 64 ** (torch.arange(FEATURES // 2, device=device, dtype=torch.float64) / (FEATURES // 2 - 1))
    return a.float(), s.float(), torch.cat([torch.sin(c * f), torch.cos(c * f)], 1).float()


def ring(device, trials):
    angle = 2 * math.pi * torch.randint(0, 8, (trials, POINTS), device=device) / 8
    return torch.stack([angle.cos(), angle.sin()], -1) * math.sqrt(2) + 0.1 * torch.randn(trials, POINTS, D, device=device)


def parameters(width, trials, device):
    """(trials, in, out) weights and (trials, 1, out) biases; output and skip begin at zero."""
    sizes = [D + FEATURES] + [width] * LAYERS
    p = []
    for i, o in zip(sizes, sizes[1:]):
        p += [torch.randn(trials, i, o, device=device) * math.sqrt(2 / i), torch.zeros(trials, 1, o, device=device)]
    p += [torch.zeros(trials, width, D, device=device), torch.zeros(trials, 1, D, device=device), torch.zeros(trials, D, D, device=device)]
    return [w.requires_grad_() for w in p]


def loss_of(p, x, features, target):
    h = torch.cat([x, features], -1)
    for w, b in zip(p[0:-3:2], p[1:-3:2]):
        h = torch.nn.functional.silu(torch.baddbmm(b, h, w))
    out = torch.baddbmm(p[-2], h, p[-3]) + torch.bmm(x, p[-1])
    # Each trial's own mean; their sum, so that each gets its own gradient.
    return ((out - target) ** 2).mean((1, 2)).sum()


def batch_of(points, a, s, features, trials):
    rows = torch.randint(0, POINTS, (trials, BATCH, 1), device=points.device).expand(-1, -1, D)
    x0 = points.gather(1, rows)
    strata = (torch.arange(BATCH, device=points.device) + torch.rand(trials, BATCH, device=points.device)) * (LEVELS / BATCH)
    level = strata.long().clamp_(max=LEVELS - 1)
    epsilon = torch.randn(trials, BATCH, D, device=points.device)
    return a[level][..., None] * x0 + s[level][..., None] * epsilon, features[level], epsilon


def rate(step, steps_per_call, trials, seconds):
    for _ in range(3):
        step()
    torch.cuda.synchronize()
    calls, begin = 0, time.perf_counter()
    while time.perf_counter() - begin < seconds:
        step()
        calls += 1
        torch.cuda.synchronize() if calls % 8 == 0 else None
    torch.cuda.synchronize()
    return trials * calls * steps_per_call / (time.perf_counter() - begin)


def eager(width, seconds, device):
    a, s, f = tables(device)
    points, p = ring(device, 1), parameters(width, 1, device)
    adam = torch.optim.Adam(p, lr=1e-3, fused=True)

    def step():
        adam.zero_grad(set_to_none=True)
        loss_of(p, *batch_of(points, a, s, f, 1)).backward()
        adam.step()

    return rate(step, 1, 1, seconds)


def graphs(width, seconds, device, steps=64):
    a, s, f = tables(device)
    points, p = ring(device, 1), parameters(width, 1, device)
    adam = torch.optim.Adam(p, lr=1e-3, fused=True, capturable=True)

    def step():
        adam.zero_grad(set_to_none=True)
        loss_of(p, *batch_of(points, a, s, f, 1)).backward()
        adam.step()

    side = torch.cuda.Stream()
    with torch.cuda.stream(side):
        for _ in range(3):
            step()
    torch.cuda.current_stream().wait_stream(side)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        for _ in range(steps):
            step()
    return rate(graph.replay, steps, 1, seconds)


def ensemble(width, trials, seconds, device):
    a, s, f = tables(device)
    points, p = ring(device, trials), parameters(width, trials, device)
    adam = torch.optim.Adam(p, lr=1e-3, fused=True, capturable=True)

    # Forward, backward and batch in one compiled function; the fused optimiser is one kernel already.
    @torch.compile
    def losses(p, x, features, target):
        return loss_of(p, x, features, target)

    draw = torch.compile(batch_of)

    def step():
        adam.zero_grad(set_to_none=True)
        losses(p, *draw(points, a, s, f, trials)).backward()
        adam.step()

    side = torch.cuda.Stream()
    with torch.cuda.stream(side):
        for _ in range(5):
            step()
    torch.cuda.current_stream().wait_stream(side)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        step()
    return rate(graph.replay, 1, trials, seconds)


def dry(width, trials=3, steps=300):
    """Learns on the CPU: each trial of an ensemble as it does alone, to rounding."""
    device = torch.device("cpu")
    torch.manual_seed(1)
    a, s, f = tables(device)
    points, together = ring(device, trials), parameters(width, trials, device)
    alone = [w[:1].detach().clone().requires_grad_() for w in together]
    optimisers = [torch.optim.Adam(together, lr=1e-3), torch.optim.Adam(alone, lr=1e-3)]
    losses = []
    for _ in range(steps):
        batch = batch_of(points, a, s, f, trials)
        for p, part, adam in ((together, batch, optimisers[0]), (alone, [b[:1] for b in batch], optimisers[1])):
            adam.zero_grad(set_to_none=True)
            loss = loss_of(p, *part)
            loss.backward()
            adam.step()
        losses.append(float(loss.detach()))
    apart = max(float((w[:1] - v).detach().abs().max()) for w, v in zip(together, alone))
    first, last = sum(losses[:5]) / 5, sum(losses[-30:]) / 30
    print(json.dumps({"peer": "pytorch", "dry": True, "width": width, "first_loss": first, "last_loss": last, "ensemble_apart": apart}), flush=True)
    return first > 0.8 and last < 0.75 * first and apart < 1e-3


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--widths", default="16,32,64,128")
    arguments.add_argument("--trials", default="2048,4096,512")
    arguments.add_argument("--seconds", type=float, default=2)
    arguments.add_argument("--peers", default="eager,graphs,ensemble")
    arguments.add_argument("--dry", action="store_true")
    given = arguments.parse_args()
    numbers = lambda text: [int(v) for v in text.split(",")]
    if given.dry:
        print(json.dumps({"versions": {"torch": torch.__version__}}), flush=True)
        return 0 if all([dry(width) for width in numbers(given.widths)]) else 1
    if not torch.cuda.is_available():
        print(json.dumps({"peer": "pytorch", "missing": f"PyTorch {torch.__version__} sees no GPU"}))
        return 0
    device = torch.device("cuda")
    print(json.dumps({"versions": {"torch": torch.__version__, "cuda": torch.version.cuda, "device": torch.cuda.get_device_name()}}), flush=True)
    peers = given.peers.split(",")
    widths, trials = numbers(given.widths), numbers(given.trials)
    # Should time run out, what matters most has been measured: a trial in graphs and the ensemble at the first number of trials, every width.
    todo = [("graphs", w, 1, "fp32", lambda w=w: graphs(w, given.seconds, device)) for w in widths]
    for n in trials:
        todo += [("ensemble", w, n, p, lambda w=w, n=n: ensemble(w, n, given.seconds, device)) for p in ("fp32", "tf32") for w in widths]
        todo += [("eager", w, 1, "fp32", lambda w=w: eager(w, given.seconds, device)) for w in widths] if n == trials[0] else []
    for peer, width, count, precision, measure in todo:
        if peer not in peers:
            continue
        torch.backends.cuda.matmul.allow_tf32 = precision == "tf32"
        getattr(torch, "_dynamo", None) and torch._dynamo.reset()
        row = {"peer": f"pytorch {peer}", "width": width, "trials": count, "precision": precision}
        try:
            row["trial_steps_per_second"] = measure()
        except Exception as e:  # A peer that fails is reported, and the others go on.
            row["error"] = f"{type(e).__name__}: {e}"[:300]
        print(json.dumps(row), flush=True)
        torch.cuda.empty_cache()
    return 0


if __name__ == "__main__":
    sys.exit(main())
