#!/usr/bin/env bash
# Everything on a GPU machine, from what publish.sh made: run.sh OUT [SECTION …]. Sections: check sanitize ours tune torch torchsharp jax job (default: all but tune, within ten minutes). Each has its own time limit; what it found lies in OUT,
# all of it together in OUT/results.json and OUT/table.md. A peer that isn't on the machine is said so. QUICK=1: small sizes, to try the script; its figures mean nothing.
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
out=${1:?usage: run.sh OUT [SECTION …]}
shift
[ $# -gt 0 ] || set -- check sanitize ours torch torchsharp jax job
mkdir -p "$out"
out=$(cd "$out" && pwd)
export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 PYTHONUNBUFFERED=1
python=${PYTHON:-python3}
gpu=$here/dist/gpu/Sweep.Bench.Gpu
[ -e "$gpu" ] || { echo "$gpu is not there: run publish.sh first"; exit 2; }
chmod +x "$gpu"
sizes=() peers=() job=$here/whole-job.yaml
if [ "${QUICK:-}" = 1 ]; then
  sizes=(--widths=16 --trials=4 --seconds=0.2)
  peers=(--dry --widths 16)
  job=$out/quick-job.yaml
  sed 's/^seeds: .*/seeds: 1/; s/steps: 8000/steps: 100/; s/steps: 100, samples: 4096/steps: 30, samples: 256/; s/points: 20000/points: 500/; s/\[16, 32, 64, 128\]/[16]/' "$here/whole-job.yaml" >"$job"
fi
nvidia-smi --query-gpu=name,driver_version,clocks.max.sm,memory.total --format=csv,noheader 2>/dev/null | tee "$out/gpu.txt"
for section in "$@"; do
  echo "== $section"
  case $section in
    check) timeout 120 "$gpu" --check "${sizes[@]}" --out="$out/check.json" | tee "$out/check.txt"; [ "${PIPESTATUS[0]}" -eq 0 ] || { echo "the checks failed: nothing is measured"; exit 1; } ;;
    sanitize)
      if command -v compute-sanitizer >/dev/null; then
        for tool in memcheck racecheck; do
          timeout 100 compute-sanitizer --tool $tool --error-exitcode 9 "$gpu" --small --widths=16,64,128 >"$out/$tool.txt" 2>&1
          echo "$tool: exit $? ($(tail -1 "$out/$tool.txt"))" | tee -a "$out/sanitizer.txt"
        done
      else echo "no compute-sanitizer on this machine" | tee "$out/sanitizer.txt"; fi ;;
    ours) timeout 150 "$gpu" --trials=512,1056,4224 "${sizes[@]}" --out="$out/ours.json" | tee "$out/ours.txt" ;;
    tune) timeout 200 "$gpu" --trials=1056 --tune "${sizes[@]}" --out="$out/tune.json" | tee "$out/tune.txt" ;;
    torch) timeout 240 "$python" "$here/peer_torch.py" "${peers[@]}" 2>"$out/torch.err" | tee "$out/torch.jsonl"; [ "${PIPESTATUS[0]}" -eq 0 ] || tail -1 "$out/torch.err" ;;
    torchsharp) timeout 60 "$gpu" --torchsharp "${sizes[@]}" | tee "$out/torchsharp.jsonl" ;;
    jax)
      timeout 200 "$python" "$here/peer_jax.py" "${peers[@]}" 2>"$out/jax.err" | tee "$out/jax.jsonl"
      [ "${PIPESTATUS[0]}" -eq 0 ] || tail -1 "$out/jax.err"
      # JAX's faster generator, once: its default one is no small part of a step.
      grep -q missing "$out/jax.jsonl" || [ "${QUICK:-}" = 1 ] || timeout 100 "$python" "$here/peer_jax.py" --rbg --trials 2048 2>>"$out/jax.err" | tee -a "$out/jax.jsonl" ;;
    job)
      work=$(mktemp -d)
      tar -C "$work" -xzf "$here/dist/sweep.tar.gz"
      # Once to have the kernels compiled (the driver keeps them), then for the clock.
      (cd "$work" && ./sweep/sweep doctor; time timeout 300 ./sweep/sweep run "$job" --device cuda --out "$work/job") >"$out/job.txt" 2>&1
      echo "exit $?"
      grep -E 'slots|trials \(100|real|error' "$out/job.txt" | tail -5
      cp "$work/job/report/report.json" "$out/job-report.json" 2>/dev/null
      rm -rf "$work" ;;
    *) echo "no section $section; allowed: check sanitize ours tune torch torchsharp jax job"; exit 2 ;;
  esac
done
python3 "$here/table.py" "$out" | tee "$out/table.md"
