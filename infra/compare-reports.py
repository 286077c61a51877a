#!/usr/bin/env python3
"""Compares two report.json member by member, numbers to the last digit. What may differ: when it was generated and what was expected when, wall-clock metrics
(…_seconds), the environment, and pictures of samples, which only a report has that is made where the trials' artifacts are.
usage: compare-reports.py A B; exit code 1 and the differences if there are any."""
import json
import sys

IGNORED = {"generated", "registered", "environment", "samples", "scatters", "fields"}


def differences(path, a, b):
    if isinstance(a, dict) and isinstance(b, dict):
        for name in sorted(a.keys() | b.keys()):
            if name in IGNORED or name.endswith("_seconds"):
                continue
            if name not in a or name not in b:
                yield f"{path}.{name}: only in {'the second' if name in b else 'the first'}"
            else:
                yield from differences(f"{path}.{name}", a[name], b[name])
    elif isinstance(a, list) and isinstance(b, list):
        if len(a) != len(b):
            yield f"{path}: {len(a)} and {len(b)} members"
        for i, (x, y) in enumerate(zip(a, b)):
            yield from differences(f"{path}[{i}]", x, y)
    elif a != b or type(a) is not type(b):
        yield f"{path}: {a!r} and {b!r}"


def members(x):
    return sum(map(members, x.values())) if isinstance(x, dict) else sum(map(members, x)) if isinstance(x, list) else 1


# parse_float=str: a number is the text that stands there.
first, second = (json.load(open(path), parse_float=str) for path in sys.argv[1:3])
found = list(differences("", first, second))
print("\n".join(found[:40]) or f"the reports agree in all of their {members(first):,} members (but for times)")
sys.exit(1 if found else 0)
