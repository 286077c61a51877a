"""The table of README's targets from what run.sh left in a folder (or several runs of it, copied together), and all of it in results.json: table.py OUT."""
import json
import os
import sys

TARGETS = {16: (10e6, 500, 3), 32: (5e6, 300, 3), 64: (2e6, 100, 2), 128: (5e5, 30, 1.5)}


def lines(path):
    """Peers print one JSON object a line."""
    return [json.loads(line) for line in open(path) if line.startswith("{")] if os.path.exists(path) else []


def text(path):
    return open(path).read().strip() if os.path.exists(path) else None


def main(folder):
    at = lambda name: os.path.join(folder, name)
    ours = {}
    for name in ("smoke.json", "check.json", "more.json", "tune.json", "ours.json"):
        if os.path.exists(at(name)):
            found = json.load(open(at(name)))
            ours = {**ours, **found, "rows": ours.get("rows", []) + found.get("rows", [])}
    peers = lines(at("torch.jsonl")) + lines(at("torchsharp.jsonl")) + lines(at("jax.jsonl"))
    results = {
        "device": ours.get("device"), "nvidia_smi": text(at("gpu.txt")), "ptxas": text(at("ptxas.txt")), "unchecked": text(at("unchecked.txt")),
        "sanitizer": text(at("sanitizer.txt")), "compiled": ours.get("compiled"), "checks": ours.get("checks"), "sampling": ours.get("sampling"),
        "ours": ours.get("rows", []), "peers": peers,
        "whole_job": [
            line for name in ("job.txt", "job-tf32.txt") for line in (text(at(name)) or "").splitlines()
            if line.startswith(("real", "user")) or " trials; " in line
        ],
    }
    json.dump(results, open(at("results.json"), "w"), indent=2)

    device = ours.get("device")
    if device:
        print(f"{device['name']}, CUDA driver {device['cuda_driver']}, .NET {device['dotnet']}, {device['multiprocessors']} multiprocessors "
              f"at {device['clock_hertz'] / 1e9:.2f} GHz, {device['bytes_per_second'] / 1e12:.2f} TB/s.")
    for row in peers:
        if "versions" in row:
            print("Peer: " + ", ".join(f"{k} {v}" for k, v in row["versions"].items()) + ".")
        elif "missing" in row:
            print(f"Peer {row['peer']}: not on this machine ({row['missing']}).")
        elif "error" in row:
            print(f"Peer {row['peer']}, width {row['width']}, {row['trials']} trials: {row['error']}")
    print()

    measured = [r for r in results["ours"] + peers if "trial_steps_per_second" in r]
    best = lambda keep: max((r for r in measured if keep(r)), key=lambda r: r["trial_steps_per_second"], default=None)
    show = lambda r: "not measured" if r is None else f"{r['trial_steps_per_second']:,.0f} ({r['peer']}, {r['trials']} trials, {r['precision']})"
    print("| width, ours in | trial-steps per second | target | floor, share "
          "| one PyTorch trial in CUDA graphs | ratio (target) | best batched peer | ratio (target) |")
    print("|---|---|---|---|---|---|---|---|")
    for width, (target, single, batched) in TARGETS.items():
        graph = best(lambda r: r["peer"] == "pytorch graphs" and r["width"] == width)
        peer = best(lambda r: r["width"] == width and (r["peer"].startswith("jax") or r["peer"] == "pytorch ensemble"))
        for precision in ("fp32", "tf32") if width > 16 else ("fp32",):
            us = best(lambda r: r["peer"] == "sweep" and r["width"] == width and r["precision"] == precision)
            ratio = lambda other: "–" if us is None or other is None else f"{us['trial_steps_per_second'] / other['trial_steps_per_second']:.1f}x"
            floor = "–" if us is None else f"{us['floor_trial_steps_per_second']:,.0f} ({us['limit']}), {us['share']:.0%}"
            print(f"| {width}, {precision} | {show(us)} | {target:,.0f} | {floor} "
                  f"| {show(graph)} | {ratio(graph)} ({single}x) | {show(peer)} | {ratio(peer)} ({batched}x) |")
    for row in (r for r in peers if r["peer"] == "torchsharp" and "trial_steps_per_second" in r):
        print(f"\nTorchSharp, {row['device']}, width {row['width']}, one trial: {row['trial_steps_per_second']:,.0f} steps per second.")
    for line in results["whole_job"]:
        print(f"\nWhole job: {line}" if " trials; " in line else line)


if __name__ == "__main__":
    main(sys.argv[1])
