#!/usr/bin/env python3
"""Gaussianization against scikit-learn's FastICA and SciPy's gaussian_kde, on the same points in the same run.

Needs dotnet, numpy, scipy and scikit-learn. Prints a table of seconds and ratios, and the hardware. The peer's fit is FastICA (parallel, logcosh, unit
variance) and then, per component, what its users do: a kernel estimate (Silverman's bandwidth) whose CDF is evaluated at a grid of 1000 points and
interpolated.
The exact CDF at every training point, which is what "KDE-CDF" says, would cost n^2 and is timed on a sample of 500 points and scaled.
"""
import json
import os
import platform
import subprocess
import sys
import tempfile
import time

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")

import numpy as np
import scipy
import sklearn
from scipy.special import ndtri
from scipy.stats import gaussian_kde
from sklearn.decomposition import FastICA

HERE = os.path.dirname(os.path.abspath(__file__))


def product_mixture(n, d, seed=0):
    rng = np.random.default_rng(seed)
    centres = np.array([[-1.0, 1.0, 0.0], [-1.3, 0.2, 1.3], [-0.8, 1.2, 0.5]])
    s = np.stack([centres[j % 3][rng.integers(0, 3, n)] + 0.2 * rng.standard_normal(n) for j in range(d)], 1)
    q1, _ = np.linalg.qr(rng.standard_normal((d, d)))
    q2, _ = np.linalg.qr(rng.standard_normal((d, d)))
    return s @ (q1 * np.geomspace(3**0.5, 3**-0.5, d) @ q2).T


def median(f, repeats):
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        result = f()
        times.append(time.perf_counter() - start)
    return sorted(times)[len(times) // 2], result


def kde_grid(component):
    kde = gaussian_kde(component, bw_method="silverman")
    h = float(np.sqrt(kde.covariance[0, 0]))
    grid = np.linspace(component.min() - 4 * h, component.max() + 4 * h, 1000)
    cdf = np.array([kde.integrate_box_1d(-np.inf, g) for g in grid])
    return grid, ndtri(np.clip(cdf, 1e-15, 1 - 1e-15))


def main():
    arguments = sys.argv[1:]
    results = arguments.pop(arguments.index("--json") + 1) if "--json" in arguments else None
    arguments = [a for a in arguments if a != "--json"]
    n, d = (int(a) for a in arguments[:2]) if len(arguments) > 1 else (20000, 8)
    x = product_mixture(n, d)
    subprocess.run(["dotnet", "build", HERE, "-c", "Release", "-v", "q", "--nologo"], check=True, stdout=subprocess.DEVNULL)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "points.f64")
        x.astype("<f8").tofile(path)
        dll = os.path.join(HERE, "bin", "Release", "net10.0", "Gaussianization.dll")
        ours = json.loads(subprocess.run(["dotnet", dll, path, str(d)], check=True, capture_output=True, text=True).stdout)
        product_mixture(2 * n, d).astype("<f8").tofile(path)
        twice = json.loads(subprocess.run(["dotnet", dll, path, str(d)], check=True, capture_output=True, text=True).stdout)

    ica_seconds, sources = median(
        lambda: FastICA(whiten="unit-variance", algorithm="parallel", tol=1e-10, max_iter=200, random_state=0).fit_transform(x), 5)
    grid_seconds, tables = median(lambda: [kde_grid(sources[:, j]) for j in range(d)], 1)
    kde = gaussian_kde(sources[:, 0], bw_method="silverman")
    exact_seconds, _ = median(lambda: [kde.integrate_box_1d(-np.inf, v) for v in sources[:500, 0]], 3)
    exact_seconds *= n / 500 * d
    batch = np.random.default_rng(1).standard_normal((4096, d))
    interp_seconds, _ = median(lambda: np.stack([np.interp(batch[:, j], tables[j][1], tables[j][0]) for j in range(d)], 1) @ np.eye(d), 50)

    print(f"{n} points, {d} dimensions; one thread; {platform.processor() or platform.machine()}, "
          f"numpy {np.__version__}, scipy {scipy.__version__}, scikit-learn {sklearn.__version__}, "
          f"dotnet {subprocess.run(['dotnet', '--version'], capture_output=True, text=True).stdout.strip()}")
    row = "{:60s} {:>12s} {:>12s} {:>8s}".format
    print(row("", "here", "peer", "ratio"))
    for label, here, peer in [
        ("fit ica (peer: FastICA, tol 1e-10)", ours["ica_fit_seconds"], ica_seconds),
        ("fit marginal (peer: KDE CDF at 1000 grid points)", ours["marginal_fit_seconds"], grid_seconds),
        ("fit marginal (peer: KDE CDF at the points, scaled from 500)", ours["marginal_fit_seconds"], exact_seconds),
        ("fit gaussianize (peer: FastICA + KDE CDF at 1000 grid points)", ours["gaussianize_fit_seconds"], ica_seconds + grid_seconds),
        ("first fit gaussianize of a process (same peer)", ours["gaussianize_first_fit_seconds"], ica_seconds + grid_seconds),
    ]:
        print(row(label, f"{here * 1e3:.1f} ms", f"{peer * 1e3:.1f} ms", f"{peer / here:.1f}x"))
    for label, here, peer in [
        ("inverse marginal, 4096 points (peer: numpy.interp)", ours["marginal_inverse_nanoseconds"], interp_seconds / batch.size * 1e9),
        ("inverse gaussianize, 4096 points (peer: interp + matmul)", ours["gaussianize_inverse_nanoseconds"], interp_seconds / batch.size * 1e9),
        ("forward gaussianize, 4096 points (same peer, the other way)", ours["gaussianize_forward_nanoseconds"], interp_seconds / batch.size * 1e9),
    ]:
        print(row(label, f"{here:.1f} ns", f"{peer:.1f} ns", f"{peer / here:.1f}x"))

    growth = {kind: twice[f"{kind}_fit_seconds"] / ours[f"{kind}_fit_seconds"] for kind in ("ica", "marginal", "gaussianize")}
    print(f"fits with {2 * n} points over those with {n}: " + ", ".join(f"{kind} {ratio:.2f}x" for kind, ratio in growth.items()))
    if results:
        with open(results, "w") as f:
            json.dump({
                "points": n, "dimensions": d, "ours": ours, "growth_with_twice_the_points": growth,
                "peer": {"fastica_seconds": ica_seconds, "kde_grid_seconds": grid_seconds, "kde_at_the_points_seconds": exact_seconds},
                "gaussianize_ratio": (ica_seconds + grid_seconds) / ours["gaussianize_fit_seconds"],
                "scikit_learn": sklearn.__version__, "scipy": scipy.__version__,
            }, f)


if __name__ == "__main__":
    main()
