"""The table of README's targets from what run.sh left in a folder: table.py OUT."""
import json
import os
import sys

TARGETS = {16: (10e6, 500, 3), 32: (5e6, 300, 3), 64: (2e6, 100, 2), 128: (5e5, 30, 1.5)}


def rows(folder):
    found = []
    path = os.path.join(folder, "ours.json")
    if os.path.exists(path):
        found += json.load(open(path)).get("rows", [])
    for name in ("torch.jsonl", "jax.jsonl"):
        path = os.path.join(folder, name)
        if os.path.exists(path):
            found += [json.loads(line) for line in open(path) if line.startswith("{")]
    return [r for r in found if "trial_steps_per_second" in r]


def main(folder):
    all_rows = rows(folder)
    best = lambda keep: max((r for r in all_rows if keep(r)), key=lambda r: r["trial_steps_per_second"], default=None)
    show = lambda r: "not measured" if r is None else f"{r['trial_steps_per_second']:,.0f} ({r['peer']}, {r['trials']} trials, {r['precision']})"
    print("| width | trial-steps per second | target | floor, share | one PyTorch trial in CUDA graphs | ratio (target) | best batched peer | ratio (target) |")
    print("|---|---|---|---|---|---|---|---|")
    for width, (target, single, batched) in TARGETS.items():
        ours = best(lambda r: r["peer"] == "sweep" and r["width"] == width)
        graph = best(lambda r: r["peer"] == "pytorch graphs" and r["width"] == width)
        peer = best(lambda r: r["width"] == width and (r["peer"].startswith("jax") or r["peer"] == "pytorch ensemble"))
        ratio = lambda other: "–" if ours is None or other is None else f"{ours['trial_steps_per_second'] / other['trial_steps_per_second']:.1f}x"
        floor = "–" if ours is None else f"{ours['floor_trial_steps_per_second']:,.0f}, {ours['share']:.0%}"
        print(f"| {width} | {show(ours)} | {target:,.0f} | {floor} | {show(graph)} | {ratio(graph)} ({single}x) | {show(peer)} | {ratio(peer)} ({batched}x) |")


if __name__ == "__main__":
    main(sys.argv[1])
