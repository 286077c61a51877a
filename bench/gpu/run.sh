#!/usr/bin/env bash
# Everything on a GPU machine, from what publish.sh made: run.sh OUT [SECTION …]. Sections: check sanitize ours job torch jax torchsharp tune (default: check sanitize ours job). Each writes to OUT as it goes and has a time limit of its own; all
# together end within BUDGET seconds (default 570), and a section for which too little is left is said to be left out. Any section may be run by itself, in a call of its own: copy the folders together and run table.py on them.
# A peer, a tool or Python that isn't on the machine is said so, and the rest goes on. QUICK=1: small sizes, to try the script; its figures mean nothing.
#   run.sh OUT                  checks, compute-sanitizer where there is one, our figures, the whole job: some six minutes
#   run.sh OUT torch            a trial in CUDA graphs, the batched ensemble, eager: the most important first
#   run.sh OUT jax torchsharp
#   run.sh OUT tune             every kernel that fits each width, not only the preferred one
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
out=${1:?usage: run.sh OUT [SECTION …]}
shift
[ $# -gt 0 ] || set -- check sanitize ours job
mkdir -p "$out"
out=$(cd "$out" && pwd)
export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 PYTHONUNBUFFERED=1
# The first Python that has a module: PYTHON, or one of the usual places; else any.
python_with() {
  local found=
  for candidate in ${PYTHON:-} python3 /usr/bin/python3 /usr/local/bin/python3 "${CONDA_PREFIX:-/opt/conda}"/bin/python3 /opt/*/bin/python3 /root/*/bin/python3; do
    candidate=$(command -v "$candidate") || continue
    found=${found:-$candidate}
    timeout 60 "$candidate" -c "import $1" >/dev/null 2>&1 && { echo "$candidate"; return; }
  done
  echo "$found"
}
python=$(python_with json)
budget=${BUDGET:-570}
gpu=$here/dist/gpu/Sweep.Bench.Gpu
[ -e "$gpu" ] || { echo "$gpu is not there: run publish.sh first"; exit 2; }
chmod +x "$gpu" 2>/dev/null
sizes=() peers=() job=$here/whole-job.yaml
if [ "${QUICK:-}" = 1 ]; then
  sizes=(--widths=16 --trials=4 --seconds=0.2)
  peers=(--dry --widths 16)
  job=$out/quick-job.yaml
  sed 's/^seeds: .*/seeds: 1/; s/steps: 8000/steps: 100/; s/steps: 100, samples: 4096/steps: 30, samples: 256/; s/points: 20000/points: 500/; s/\[16, 32, 64, 128\]/[16]/' "$here/whole-job.yaml" >"$job"
fi

# Runs a command for at most so many seconds, and no longer than the budget lasts.
within() {
  local most=$1 left=$((budget - SECONDS))
  shift
  [ "$left" -ge 15 ] || { echo "left out: $left of $budget seconds are left"; return 125; }
  timeout -k 5 $((most < left ? most : left)) "$@"
  local code=$?
  [ $code -ne 124 ] && [ $code -ne 137 ] || echo "ended by its time limit after $((most < left ? most : left)) s; what it had written counts"
  return $code
}

# A peer in Python: PEER ARGS…, its lines of JSON into OUT/PEER.jsonl.
peer() {
  local name=$1
  shift
  [ -n "$python" ] || { echo "{\"peer\": \"$name\", \"missing\": \"no python3 on this machine\"}" | tee -a "$out/$name.jsonl"; return; }
  within "$1" "$(python_with "$name")" "$here/peer_$name.py" "${@:2}" "${peers[@]}" 2>>"$out/$name.err" | tee -a "$out/$name.jsonl"
  case ${PIPESTATUS[0]} in 0 | 124 | 125 | 137) ;; *) tail -1 "$out/$name.err" ;; esac
}

{ command -v nvidia-smi >/dev/null && nvidia-smi --query-gpu=name,driver_version,clocks.max.sm,memory.total --format=csv,noheader || echo "no nvidia-smi"; } 2>/dev/null | tee "$out/gpu.txt"
for section in "$@"; do
  echo "== $section ($SECONDS s)"
  case $section in
    check) within 150 "$gpu" --check "${sizes[@]}" --out="$out/check.json" 2>&1 | tee "$out/check.txt"; [ "${PIPESTATUS[0]}" -eq 0 ] || { echo "the checks failed: nothing is measured"; exit 1; } ;;
    sanitize)
      if command -v compute-sanitizer >/dev/null; then
        for tool in memcheck racecheck; do
          within 80 compute-sanitizer --tool $tool --error-exitcode 9 "$gpu" --small --widths=16,64,128 >"$out/$tool.txt" 2>&1
          echo "$tool: exit $? ($(tail -1 "$out/$tool.txt"))" | tee -a "$out/sanitizer.txt"
        done
      else echo "no compute-sanitizer on this machine" | tee "$out/sanitizer.txt"; fi ;;
    ours) [ -e "$out/check.json" ] && checked=--unchecked || checked=; within 240 "$gpu" $checked --trials=1056,4224,512 "${sizes[@]}" --out="$out/ours.json" 2>&1 | tee "$out/ours.txt" ;;
    tune) [ -e "$out/check.json" ] && checked=--unchecked || checked=; within 400 "$gpu" $checked --trials=1056 --tune "${sizes[@]}" --out="$out/tune.json" 2>&1 | tee "$out/tune.txt" ;;
    torch) peer torch 540 ;;
    jax)
      peer jax 300
      # JAX's faster generator, once: its default one is no small part of a step.
      grep -q missing "$out/jax.jsonl" || [ "${QUICK:-}" = 1 ] || peer jax 150 --rbg --trials 2048 ;;
    torchsharp) within 60 "$gpu" --torchsharp "${sizes[@]}" 2>&1 | tee "$out/torchsharp.jsonl" ;;
    job)
      work=$(mktemp -d)
      if tar -C "$work" -xzf "$here/dist/sweep.tar.gz"; then
        # Once to have the kernels compiled (the driver keeps them), then for the clock; in tf32 too.
        for device in cuda cuda-tf32; do
          [ "$device" = cuda ] && file=job.txt || file=job-tf32.txt
          (cd "$work" && within 60 ./sweep/sweep doctor; time within 240 ./sweep/sweep run "$job" --device "$device" --out "$work/$device") >"$out/$file" 2>&1
          echo "$device: exit $?"
          grep -E 'slots|trials \(100|real|error|left out|time limit' "$out/$file" | tail -5
        done
        cp "$work/cuda/report/report.json" "$out/job-report.json" 2>/dev/null
      else echo "no dist/sweep.tar.gz: publish.sh without \`bench\` makes it"; fi
      rm -rf "$work" ;;
    *) echo "no section $section; allowed: check sanitize ours job torch jax torchsharp tune"; exit 2 ;;
  esac
done
[ -z "$python" ] && { echo "no python3: run table.py $out elsewhere"; exit 0; }
"$python" "$here/table.py" "$out" | tee "$out/table.md"
