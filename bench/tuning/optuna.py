"""Regret at 100 trials by Optuna's multivariate TPE on the functions of TestFunction.cs: quartiles over 50 seeds."""
import math
import os
import sys

# This file has the package's name.
sys.path = [p for p in sys.path if os.path.abspath(p or ".") != os.path.dirname(os.path.abspath(__file__))]
import numpy as np  # noqa: E402
import optuna  # noqa: E402

WEIGHTS = [1, 1.2, 3, 3.2]
SCALES = [[10, 3, 17, 3.5, 1.7, 8], [0.05, 10, 17, 0.1, 8, 14], [3, 3.5, 1.7, 10, 17, 8], [17, 8, 0.05, 10, 0.1, 14]]
CENTRES = [
    [0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886], [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
    [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.6650], [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381]]


def branin(u):
    x, y = 15 * u[0] - 5, 15 * u[1]
    return (y - 5.1 / (4 * math.pi ** 2) * x * x + 5 / math.pi * x - 6) ** 2 + 10 * (1 - 1 / (8 * math.pi)) * math.cos(x) + 10


def hartmann6(u):
    return -sum(w * math.exp(-sum(s * (x - c) ** 2 for s, x, c in zip(scales, u, centres)))
                for w, scales, centres in zip(WEIGHTS, SCALES, CENTRES))


optuna.logging.set_verbosity(optuna.logging.ERROR)
for name, function, dimensions, minimum in [("branin", branin, 2, 0.397887357729738), ("hartmann6", hartmann6, 6, -3.32236801141551)]:
    regrets = []
    for seed in range(50):
        study = optuna.create_study(sampler=optuna.samplers.TPESampler(multivariate=True, seed=seed))
        study.optimize(lambda trial: function([trial.suggest_float(f"x{i}", 0, 1) for i in range(dimensions)]), n_trials=100)
        regrets.append(study.best_value - minimum)
    print(f"optuna {optuna.__version__}, {name}: {', '.join(f'{q:.3g}' for q in np.quantile(regrets, [0.25, 0.5, 0.75]))}", flush=True)
