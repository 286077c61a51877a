"""JAX peer of the packed trainer: what people who want this write by hand today. vmap over trials, lax.scan over steps, one jitted function.

    python3 peer_jax.py --widths 16,32,64,128 --trials 2048,4096,512 --seconds 2
    python3 peer_jax.py --dry                   on the CPU: does it learn? No figures.

One line of JSON per measurement, as peer_torch.py. Batches are drawn on the GPU with JAX's own generator (threefry; --rbg takes its faster one).
"""
import argparse
import functools
import json
import math
import sys
import time

try:
    import jax
    import jax.numpy as jnp
except ImportError as missing:  # Said, not failed: the others go on.
    print(json.dumps({"peer": "jax", "missing": str(missing)}))
    sys.exit(0)

D, FEATURES, BATCH, LEVELS, POINTS, LAYERS = 2, 32, 256, 4096, 20000, 3


def tables():
    t = (jnp.arange(LEVELS) + 0.5) / LEVELS
    a = jnp.exp(-(0.1 * t + 19.9 * t * t / 2) / 2)
    s = jnp.sqrt(1 - a * a)
    c = jnp.log(s / a)[:, None] / 4
    f = 0.5 * 64 ** (jnp.arange(FEATURES // 2) / (FEATURES // 2 - 1))
    return jnp.stack([a, s], 1), jnp.concatenate([jnp.sin(c * f), jnp.cos(c * f)], 1)


def start(key, width):
    sizes, p = [D + FEATURES] + [width] * LAYERS, []
    for i, o in zip(sizes, sizes[1:]):
        key, k = jax.random.split(key)
        p.append((jax.random.normal(k, (i, o)) * math.sqrt(2 / i), jnp.zeros(o)))
    return p, (jnp.zeros((width, D)), jnp.zeros(D), jnp.zeros((D, D)))


def loss_of(p, x, features, target):
    hidden, (w, b, skip) = p
    h = jnp.concatenate([x, features], 1)
    for weight, bias in hidden:
        h = jax.nn.silu(h @ weight + bias)
    return jnp.mean((h @ w + b + x @ skip - target) ** 2)


def train_step(levels, features, points, state, _):
    p, m, v, n, key = state
    key, k1, k2, k3 = jax.random.split(key, 4)
    x0 = points[jax.random.randint(k1, (BATCH,), 0, POINTS)]
    level = ((jnp.arange(BATCH) + jax.random.uniform(k2, (BATCH,))) * (LEVELS / BATCH)).astype(jnp.int32).clip(0, LEVELS - 1)
    epsilon = jax.random.normal(k3, (BATCH, D))
    c = levels[level]
    loss, g = jax.value_and_grad(loss_of)(p, c[:, :1] * x0 + c[:, 1:] * epsilon, features[level], epsilon)
    n = n + 1
    m = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, m, g)
    v = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, v, g)
    rate, correction = 1e-3 / (1 - 0.9**n), 1 / (1 - 0.999**n)
    p = jax.tree.map(lambda p, m, v: p - rate * m / (jnp.sqrt(v * correction) + 1e-8), p, m, v)
    return (p, m, v, n, key), loss


@functools.partial(jax.jit, static_argnums=0, donate_argnums=4)
def train(steps, levels, features, points, state):
    one = lambda points, state: jax.lax.scan(functools.partial(train_step, levels, features, points), state, None, length=steps)
    return jax.vmap(one)(points, state)


def measure(width, trials, seconds):
    levels, features = tables()
    keys = jax.random.split(jax.random.key(1), trials)
    angle = 2 * math.pi * jax.random.randint(jax.random.key(2), (trials, POINTS), 0, 8) / 8
    points = jnp.stack([jnp.cos(angle), jnp.sin(angle)], -1) * math.sqrt(2) + 0.1 * jax.random.normal(jax.random.key(3), (trials, POINTS, D))
    p = jax.vmap(functools.partial(start, width=width))(keys)
    zeros = jax.tree.map(jnp.zeros_like, p)
    state = (p, zeros, jax.tree.map(jnp.zeros_like, p), jnp.zeros(trials), keys)
    steps = 100
    state, _ = jax.block_until_ready(train(steps, levels, features, points, state))
    calls, begin = 0, time.perf_counter()
    while time.perf_counter() - begin < seconds:
        state, _ = jax.block_until_ready(train(steps, levels, features, points, state))
        calls += 1
    return trials * steps * calls / (time.perf_counter() - begin)


def dry(width, trials=3, steps=300):
    levels, features = tables()
    keys = jax.random.split(jax.random.key(1), trials)
    angle = 2 * math.pi * jax.random.randint(jax.random.key(2), (trials, POINTS), 0, 8) / 8
    points = jnp.stack([jnp.cos(angle), jnp.sin(angle)], -1) * math.sqrt(2) + 0.1 * jax.random.normal(jax.random.key(3), (trials, POINTS, D))
    p = jax.vmap(functools.partial(start, width=width))(keys)
    state = (p, jax.tree.map(jnp.zeros_like, p), jax.tree.map(jnp.zeros_like, p), jnp.zeros(trials), keys)
    _, losses = train(steps, levels, features, points, state)
    first, last = float(losses[:, :5].mean()), float(losses[:, -30:].mean())
    print(json.dumps({"peer": "jax", "dry": True, "width": width, "first_loss": first, "last_loss": last}), flush=True)
    return first > 0.8 and last < 0.75 * first


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--widths", default="16,32,64,128")
    arguments.add_argument("--trials", default="2048,4096,512")
    arguments.add_argument("--seconds", type=float, default=2)
    arguments.add_argument("--rbg", action="store_true")
    arguments.add_argument("--dry", action="store_true")
    given = arguments.parse_args()
    if given.rbg:
        jax.config.update("jax_default_prng_impl", "rbg")
    print(json.dumps({"versions": {"jax": jax.__version__, "device": str(jax.devices()[0].device_kind)}}), flush=True)
    if given.dry:
        return 0 if all([dry(width) for width in map(int, given.widths.split(","))]) else 1
    if jax.default_backend() != "gpu":
        print(json.dumps({"peer": "jax", "missing": f"JAX {jax.__version__} sees no GPU"}))
        return 0
    # Should time run out, every width has been measured at the first number of trials.
    for trials in map(int, given.trials.split(",")):
        for width in map(int, given.widths.split(",")):
            for precision, name in (("highest", "fp32"), ("tensorfloat32", "tf32")):
                row = {"peer": "jax vmap scan" + (" rbg" if given.rbg else ""), "width": width, "trials": trials, "precision": name}
                try:
                    with jax.default_matmul_precision(precision):
                        row["trial_steps_per_second"] = measure(width, trials, given.seconds)
                except Exception as e:  # A peer that fails is reported, and the others go on.
                    row["error"] = f"{type(e).__name__}: {e}"[:300]
                print(json.dumps(row), flush=True)
                jax.clear_caches()


if __name__ == "__main__":
    sys.exit(main())
