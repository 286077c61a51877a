#!/usr/bin/env bash
# Everything on a GPU machine, from what publish.sh made: run.sh OUT [SECTION …]. Sections: check sanitize ours tune torch jax job (default: all but tune). Each has its own time limit; what it found lies in OUT.
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
out=$1
shift
[ $# -gt 0 ] || set -- check sanitize ours torch jax job
mkdir -p "$out"
out=$(cd "$out" && pwd)
export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 PYTHONUNBUFFERED=1
gpu=$here/dist/gpu/Sweep.Bench.Gpu
chmod +x "$gpu"
nvidia-smi --query-gpu=name,driver_version,clocks.max.sm,memory.total --format=csv,noheader 2>/dev/null | tee "$out/gpu.txt"
for section in "$@"; do
  echo "== $section"
  case $section in
    check) timeout 120 "$gpu" --check --out="$out/check.json" | tee "$out/check.txt"; [ "${PIPESTATUS[0]}" -eq 0 ] || exit 1 ;;
    sanitize)
      if command -v compute-sanitizer >/dev/null; then
        for tool in memcheck racecheck; do
          timeout 100 compute-sanitizer --tool $tool --error-exitcode 9 "$gpu" --small --widths=16,64,128 >"$out/$tool.txt" 2>&1
          echo "$tool: exit $? ($(tail -1 "$out/$tool.txt"))"
        done
      else echo "no compute-sanitizer here"; fi ;;
    ours) timeout 150 "$gpu" --out="$out/ours.json" --trials=512,1056,4224 | tee "$out/ours.txt" ;;
    tune) timeout 200 "$gpu" --out="$out/tune.json" --trials=1056 --tune | tee "$out/tune.txt" ;;
    torch) timeout 240 python3 "$here/peer_torch.py" 2>"$out/torch.err" | tee "$out/torch.jsonl"; tail -1 "$out/torch.err" ;;
    jax) timeout 200 python3 "$here/peer_jax.py" 2>"$out/jax.err" | tee "$out/jax.jsonl"; timeout 100 python3 "$here/peer_jax.py" --rbg --trials 2048 2>>"$out/jax.err" | tee -a "$out/jax.jsonl"; tail -1 "$out/jax.err" ;;
    job)
      work=$(mktemp -d)
      tar -C "$work" -xzf "$here/dist/sweep.tar.gz"
      # Once to have the kernels compiled (the driver keeps them), then for the clock.
      (cd "$work" && ./sweep/sweep doctor; time timeout 300 ./sweep/sweep run "$here/whole-job.yaml" --device cuda --out "$work/job") >"$out/job.txt" 2>&1
      echo "exit $?"
      grep -E 'slots|real|error' "$out/job.txt" | tail -5
      cp "$work/job/report/report.json" "$out/job-report.json" 2>/dev/null ;;
    *) echo "no section $section"; exit 2 ;;
  esac
done
python3 "$here/table.py" "$out" | tee "$out/table.md"
