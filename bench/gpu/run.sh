#!/usr/bin/env bash
# Everything on a GPU machine, from what publish.sh made, the most important first: run.sh OUT [SECTION …].
#   run.sh OUT                    smoke ours job torch jax: within BUDGET seconds (default 570)
#   run.sh OUT check              every kernel against the CPU, odd widths too
#   run.sh OUT more               our rates at 4,224 and 512 trials
#   run.sh OUT tune               every kernel that fits each width, not only the preferred one
#   run.sh OUT sanitize           compute-sanitizer's memcheck and racecheck
#   run.sh OUT torch-all jax-all torchsharp    the peers at every number of trials
# Each section has a limit of its own, writes to OUT as it goes, and says so when its limit ends it or too little time is left for it; what it had written
# counts. A peer, a tool or Python that isn't on the machine is said so, and the rest goes on. Sections may be run in calls of their own: copy the folders
# together and run table.py on them.
# QUICK=1: small sizes, to try the script; its figures mean nothing. GPU_BENCH: another build of the bench than dist's.
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
out=${1:?usage: run.sh OUT [SECTION …]}
shift
[ $# -gt 0 ] || set -- smoke ours job torch jax
mkdir -p "$out"
out=$(cd "$out" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 PYTHONUNBUFFERED=1
# What the driver compiles is kept for the sections that follow, all of it.
export CUDA_CACHE_PATH=$work/cache CUDA_CACHE_MAXSIZE=2147483648
# The first Python that has a module: PYTHON, or one of the usual places; else any.
python_with() {
  local found=
  for candidate in ${PYTHON:-} python3 /usr/bin/python3 /usr/local/bin/python3 "${CONDA_PREFIX:-/opt/conda}"/bin/python3 \
    /opt/*/bin/python3 /root/*/bin/python3; do
    candidate=$(command -v "$candidate") || continue
    found=${found:-$candidate}
    timeout 60 "$candidate" -c "import $1" >/dev/null 2>&1 && { echo "$candidate"; return; }
  done
  echo "$found"
}
python=$(python_with json)
budget=${BUDGET:-570}
# No section begins with less.
least=$((budget < 60 ? 1 : 15))
gpu=${GPU_BENCH:-}
if [ -z "$gpu" ]; then
  tar -C "$work" -xzf "$here/dist/gpu.tar.gz" || { echo "no $here/dist/gpu.tar.gz: run publish.sh first"; exit 2; }
  gpu=$work/gpu/Sweep.Bench.Gpu
fi
sizes=() peers=() job=$here/whole-job.yaml
if [ "${QUICK:-}" = 1 ]; then
  sizes=(--widths=16 --checks=16 --seconds=0.2)
  peers=(--dry --widths 16)
  job=$work/quick-job.yaml
  sed 's/^seeds: .*/seeds: 1/; s/steps: 8000/steps: 100/; s/steps: 100, samples: 4096/steps: 30, samples: 256/; s/points: 20000/points: 500/
    s/\[16, 32, 64, 128\]/[16]/' "$here/whole-job.yaml" >"$job"
fi
trials() { [ "${QUICK:-}" = 1 ] && echo --trials=4 || echo "--trials=$1"; }
ended() { [ "$1" -eq 124 ] || [ "$1" -eq 137 ] || [ "$1" -eq 125 ]; }

# Runs a command for at most so many seconds, and no longer than the budget lasts. 125: left out.
within() {
  local most=$1 left=$((budget - SECONDS))
  shift
  [ "$left" -ge $least ] || { echo "left out: $left of $budget seconds are left"; return 125; }
  timeout -k 5 $((most < left ? most : left)) "$@"
  local code=$?
  ! ended $code || echo "ended by its time limit after $((most < left ? most : left)) s, which says nothing about what it did; what it had written counts"
  return $code
}

# Checks that disagree with the CPU end the run: nothing they would measure is worth anything. Checks that ran out of time don't.
checked() {
  [ "$1" -eq 0 ] && return
  if ended "$1"; then
    echo "the checks were not finished: figures from here on are of kernels that were not all checked" | tee -a "$out/unchecked.txt"
    return
  fi
  echo "the checks failed (exit $1): nothing is measured"
  exit 1
}

# A peer in Python: PEER SECONDS ARGS…, its lines of JSON into OUT/PEER.jsonl.
peer() {
  local name=$1
  [ -n "$python" ] || { echo "{\"peer\": \"$name\", \"missing\": \"no python3 on this machine\"}" | tee -a "$out/$name.jsonl"; return; }
  within "$2" "$(python_with "$name")" "$here/peer_$name.py" "${@:3}" "${peers[@]}" 2>>"$out/$name.err" | tee -a "$out/$name.jsonl"
  local code=${PIPESTATUS[0]}
  [ "$code" -eq 0 ] || ended "$code" || tail -1 "$out/$name.err"
}

# The assembler's own report (registers, spills) and kernels compiled for this GPU, where there is a ptxas: nothing is compiled at run time then.
assemble() {
  local ptxas= found capability packaged=
  # PyTorch's and JAX's packages bring one along.
  [ -z "$python" ] || packaged=$("$python" -c 'import glob, sys
for folder in sys.path:
    for package in ("nvidia", "triton"):
        print(*glob.glob(f"{folder}/{package}/**/bin/ptxas", recursive=True))' 2>/dev/null)
  for found in "$(command -v ptxas)" /usr/local/cuda*/bin/ptxas /opt/*/bin/ptxas $packaged; do
    [ -x "$found" ] && ptxas=$found && break
  done
  [ -n "$ptxas" ] || { echo "no ptxas on this machine: the driver compiles, registers are what it says" | tee "$out/ptxas.txt"; return; }
  capability=$(nvidia-smi --query-gpu=compute_cap --format=csv,noheader 2>/dev/null | head -1 | tr -d .)
  "$gpu" --ptx="$work/ptx" || return
  mkdir -p "$work/cubins"
  export -f one_cubin
  find "$work/ptx" -name '*.ptx' -print0 \
    | within 60 xargs -0 -P "$(nproc)" -I{} bash -c 'one_cubin "$@"' _ "$ptxas" "sm_${capability:-80}" "$work/cubins" {} >"$out/ptxas.txt" 2>&1
  export SWEEP_CUBINS=$work/cubins
  echo "ptxas: $(ls "$work/cubins" | wc -l) modules for sm_${capability:-80}, kernels that spill: $(grep -c 'bytes stack frame, [1-9]' "$out/ptxas.txt")"
}
one_cubin() {
  local report
  report=$("$1" -v -O3 -arch="$2" "$4" -o "$3/.$(basename "$4" .ptx)" 2>&1) && mv "$3/.$(basename "$4" .ptx)" "$3/$(basename "$4" .ptx).cubin"
  printf '%s\n' "== $(basename "$4")" "$report"
}

{
  command -v nvidia-smi >/dev/null && nvidia-smi --query-gpu=name,driver_version,clocks.max.sm,memory.total --format=csv,noheader || echo "no nvidia-smi"
} 2>/dev/null | tee "$out/gpu.txt"
assemble
for section in "$@"; do
  echo "== $section ($SECONDS s)"
  case $section in
    smoke) within 60 "$gpu" --check --widths=16 --checks=16 --out="$out/smoke.json" 2>&1 | tee "$out/smoke.txt"; checked "${PIPESTATUS[0]}" ;;
    check) within 300 "$gpu" --check "${sizes[@]}" --out="$out/check.json" 2>&1 | tee "$out/check.txt"; checked "${PIPESTATUS[0]}" ;;
    ours) within 180 "$gpu" "$(trials 1056)" --checks=16,64 "${sizes[@]}" --out="$out/ours.json" 2>&1 | tee "$out/ours.txt"; checked "${PIPESTATUS[0]}" ;;
    more) within 240 "$gpu" --unchecked "$(trials 4224,512)" "${sizes[@]}" --out="$out/more.json" 2>&1 | tee "$out/more.txt" ;;
    tune) within 400 "$gpu" --unchecked "$(trials 1056)" --tune "${sizes[@]}" --out="$out/tune.json" 2>&1 | tee "$out/tune.txt" ;;
    sanitize)
      if command -v compute-sanitizer >/dev/null; then
        for tool in memcheck racecheck; do
          within 120 compute-sanitizer --tool $tool --error-exitcode 9 "$gpu" --small --widths=16,64,128 >"$out/$tool.txt" 2>&1
          echo "$tool: exit $? ($(tail -1 "$out/$tool.txt"))" | tee -a "$out/sanitizer.txt"
        done
      else echo "no compute-sanitizer on this machine" | tee "$out/sanitizer.txt"; fi ;;
    torch) peer torch 130 --trials 2048 ;;
    torch-all) peer torch 540 ;;
    jax) peer jax 110 --trials 2048 ;;
    jax-all)
      peer jax 300
      # JAX's faster generator, once: its default one is no small part of a step.
      grep -q missing "$out/jax.jsonl" || [ "${QUICK:-}" = 1 ] || peer jax 150 --rbg --trials 2048 ;;
    torchsharp) within 60 "$gpu" --torchsharp "${sizes[@]}" 2>&1 | tee "$out/torchsharp.jsonl" ;;
    job)
      if tar -C "$work" -xzf "$here/dist/sweep.tar.gz" 2>/dev/null; then
        # In single precision first: it is the target; in tf32 with what time is left.
        for device in cuda cuda-tf32; do
          [ "$device" = cuda ] && file=job.txt || file=job-tf32.txt
          (time within 120 "$work/sweep/sweep" run "$job" --device "$device" --out "$work/$device") >"$out/$file" 2>&1
          echo "$device: exit $?"
          grep -E 'slots|trials \(100|real|error|left out|time limit' "$out/$file" | tail -5
          cp "$work/$device/report/report.json" "$out/$device-report.json" 2>/dev/null
        done
      else echo "no dist/sweep.tar.gz: publish.sh without \`bench\` makes it"; fi ;;
    *) echo "no section $section; allowed: smoke ours job torch jax check more tune sanitize torch-all jax-all torchsharp"; exit 2 ;;
  esac
  [ -n "$python" ] && "$python" "$here/table.py" "$out" >"$out/table.md"
done
[ -z "$python" ] && { echo "no python3: run table.py $out elsewhere"; exit 0; }
cat "$out/table.md"
