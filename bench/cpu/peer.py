#!/usr/bin/env python3
"""PyTorch's side of bench/cpu: the same network, batch, optimiser and loss, one thread, as fast as eager mode goes.

Reads one JSON request per line on stdin ({"kind": "train"|"sample"|"density"|"loss", "dimensions", "width", "seconds", …}) and answers each with one JSON line,
so that the two sides can take turns.
Times are the process's CPU time, the best of many short slices. Training is the best of plain and foreach Adam. What is timed draws its batch, levels and
noise, takes a step and nothing else; noise levels and time features come from a table of 4096 rows, as ours do.
"""
import base64
import json
import math
import os
import sys
import time

# Must be set before libc and OpenBLAS start: run again with them when they are not.
WANTED = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "OPENBLAS_CORETYPE": "SKYLAKEX" if "avx512f" in open("/proc/cpuinfo").read() else "HASWELL",
    "MALLOC_MMAP_THRESHOLD_": "1073741824",
    "MALLOC_TRIM_THRESHOLD_": "1073741824",
    "MALLOC_TOP_PAD_": "268435456",
}
if any(os.environ.get(k) != v for k, v in WANTED.items()):
    os.execve(sys.executable, [sys.executable] + sys.argv, {**os.environ, **WANTED})

import torch
import torch.nn as nn

torch.set_num_threads(1)
torch.set_num_interop_threads(1)
torch.set_flush_denormal(True)
BATCH, FEATURES, LAYERS, ROWS = 256, 32, 3, 4096


def blas():
    with open("/proc/self/maps") as maps:
        for line in maps:
            if "blas" in line.rsplit("/", 1)[-1] and ".so" in line:
                return os.path.realpath(line.split()[-1])
    return "none"


def tables(d):
    t = (torch.arange(4096) + 0.5) / 4096
    exponent = -(t * (0.1 + 0.5 * t * 19.9))
    a = torch.exp(0.5 * exponent)
    s = torch.sqrt(-torch.expm1(exponent))
    f = 0.5 * 64 ** (torch.arange(FEATURES // 2) / (FEATURES // 2 - 1))
    c = torch.log(s / a)[:, None] / 4 * f
    return a[:, None].contiguous(), s[:, None].contiguous(), torch.cat([torch.sin(c), torch.cos(c)], 1).contiguous()


class Mlp(nn.Module):
    def __init__(self, d, width):
        super().__init__()
        sizes = [d + FEATURES] + [width] * LAYERS
        self.layers = nn.ModuleList(nn.Linear(i, o) for i, o in zip(sizes, sizes[1:]))
        self.out = nn.Linear(width, d)
        self.skip = nn.Linear(d, d, bias=False)

    def forward(self, x, features):
        h = torch.cat([x, features], 1)
        for layer in self.layers:
            h = nn.functional.silu(layer(h))
        return self.out(h) + self.skip(x)


def trainer(d, width, foreach):
    torch.manual_seed(0)
    net = Mlp(d, width)
    optimiser = torch.optim.Adam(net.parameters(), lr=1e-3, foreach=foreach)
    data = torch.randn(4096, d)
    a, s, features = tables(d)

    def step():
        x0 = data[torch.randint(4096, (BATCH,))]
        level = torch.randint(4096, (BATCH,))
        noise = torch.randn(BATCH, d)
        x = a[level] * x0 + s[level] * noise
        loss = nn.functional.mse_loss(net(x, features[level]), noise)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        optimiser.step()

    return step


def final_loss(request):
    """A whole training as ours does it: He's normal weights (data and features bring half of the first layer's variance each), zero output and skip, warm-up
    and half a cosine, levels stratified over the batch."""
    d, width, steps, warmup = request["dimensions"], request["width"], request["steps"], request["warmup_steps"]
    torch.manual_seed(request["seed"])
    data = torch.frombuffer(bytearray(base64.b64decode(request["data"])), dtype=torch.float32).view(-1, d)
    net = Mlp(d, width)
    with torch.no_grad():
        for i, layer in enumerate(net.layers):
            layer.weight.normal_(0, (2 / layer.in_features) ** 0.5)
            if i == 0:
                layer.weight[:, :d] = torch.randn(width, d) * (2 / (2 * d)) ** 0.5
                layer.weight[:, d:] = torch.randn(width, FEATURES) * (2 / (2 * FEATURES)) ** 0.5
            bound = layer.in_features**-0.5
            layer.bias.uniform_(-bound, bound)
        for p in (net.out.weight, net.out.bias, net.skip.weight):
            p.zero_()
    optimiser = torch.optim.Adam(net.parameters(), lr=1.0)
    rate = torch.optim.lr_scheduler.LambdaLR(
        optimiser,
        lambda k: request["learning_rate"] * ((k + 1) / warmup if k < warmup else 0.5 * (1 + math.cos(math.pi * (k - warmup) / (steps - warmup)))))
    a, s, features = tables(d)
    strata = torch.arange(BATCH)
    total = 0.0
    for step in range(steps):
        x0 = data[torch.randint(len(data), (BATCH,))]
        level = (4096 * strata + torch.randint(4096, (BATCH,))) // BATCH
        noise = torch.randn(BATCH, d)
        loss = nn.functional.mse_loss(net(a[level] * x0 + s[level] * noise, features[level]), noise)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        optimiser.step()
        rate.step()
        if step >= steps - request["last_steps"]:
            total += loss.item()
    return total / request["last_steps"]


def sampler(d, width):
    torch.manual_seed(0)
    net = Mlp(d, width)
    a, s, features = tables(d)
    state = {"x": torch.randn(ROWS, d), "k": 0}

    @torch.inference_mode()
    def step():
        # One DDIM step; the time features are one row, broadcast, as an expert would write it.
        k = 4095 - (state["k"] % 100) * 40
        n = max(k - 40, 0)
        state["k"] += 1
        x = state["x"]
        h = nn.functional.linear(x, net.layers[0].weight[:, :d], nn.functional.linear(features[k], net.layers[0].weight[:, d:], net.layers[0].bias))
        h = nn.functional.silu(h, inplace=True)
        for layer in net.layers[1:]:
            h = nn.functional.silu(layer(h), inplace=True)
        epsilon = torch.addmm(net.out(h), x, net.skip.weight.t())
        x0 = (x - s[k] * epsilon) / a[k]
        state["x"] = (a[n] * x0 + s[n] * epsilon).clamp_(-10, 10)

    return step


def densities(d):
    """Log-density of an 8-component isotropic mixture at 4096 points, in the forms an expert would try; the fastest of each precision counts.

    "logsumexp" forms are what one writes; "columns" keeps components in rows of points, so that reductions run along them, takes the greatest out by hand and
    works in place: three times as fast.
    """
    torch.manual_seed(0)
    forms = {}
    for name, dtype in (("float32", torch.float32), ("float64", torch.float64)):
        x, means, precision = torch.randn(ROWS, d, dtype=dtype), torch.randn(8, d, dtype=dtype), 1 / 0.15**2
        scale = float(-0.5 * d * (torch.log(torch.tensor(2 * torch.pi / precision))) - torch.log(torch.tensor(8.0)))
        bias = (scale - 0.5 * precision * means.square().sum(1))[None]
        weights = (precision * means).t().contiguous()
        bias_column, weight_rows, halves = bias.t().contiguous(), (precision * means).contiguous(), torch.full((1, d), -0.5 * precision, dtype=dtype)

        def columns(t):
            greatest = t.amax(0)
            return t.sub_(greatest).exp_().sum(0).log_().add_(greatest)

        @torch.inference_mode()
        def broadcast(x=x, means=means, scale=scale):
            return torch.logsumexp(scale - 0.5 * precision * (x[:, None, :] - means[None]).square().sum(2), 1)

        @torch.inference_mode()
        def matmul(x=x, weights=weights, bias=bias):
            return torch.logsumexp(torch.addmm(bias, x, weights), 1) - 0.5 * precision * x.square().sum(1)

        @torch.inference_mode()
        def cdist(x=x, means=means, scale=scale):
            return torch.logsumexp(scale - 0.5 * precision * torch.cdist(x, means).square_(), 1)

        @torch.inference_mode()
        def cdist_columns(x=x, means=means, scale=scale, columns=columns):
            return columns(torch.cdist(means, x).square_().mul_(-0.5 * precision).add_(scale))

        @torch.inference_mode()
        def matmul_columns(x=x, weights=weight_rows, bias=bias_column, halves=halves, columns=columns):
            return columns(torch.addmm(bias, weights, x.t())).add_((halves @ x.square().t())[0])

        for form in (broadcast, matmul, cdist, cdist_columns, matmul_columns):
            forms[name + " " + form.__name__.replace("_", " ")] = form
    return forms


def best(step, seconds):
    for _ in range(10):
        step()
    rate = 0.0
    end = time.process_time() + seconds
    while time.process_time() < end:
        start, calls = time.process_time(), 0
        while True:
            step()
            calls += 1
            elapsed = time.process_time() - start
            if elapsed >= 0.01:
                break
        rate = max(rate, calls / elapsed)
    return rate


CACHE = {}


def answer(request):
    if request["kind"] == "loss":
        return {"loss": final_loss(request)}
    d, width, seconds = request["dimensions"], request["width"], request["seconds"]
    if request["kind"] == "density":
        rates = {name: best(form, seconds / 10) for name, form in densities(d).items()}
        name = max(rates, key=rates.get)
        return {"rate": rates[name], "adam": name, "rates": rates}
    if request["kind"] == "train":
        rates = {}
        for name, foreach in (("plain", False), ("foreach", True)):
            key = ("train", d, width, name)
            CACHE.setdefault(key, trainer(d, width, foreach))
            rates[name] = best(CACHE[key], seconds / 2)
        name = max(rates, key=rates.get)
        return {"rate": rates[name], "adam": name}
    key = ("sample", d, width)
    CACHE.setdefault(key, sampler(d, width))
    return {"rate": best(CACHE[key], seconds)}


def main():
    torch.randn(8, 8) @ torch.randn(8, 8)
    print(json.dumps({"torch": torch.__version__, "blas": blas(), "python": sys.version.split()[0]}), flush=True)
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
