#!/usr/bin/env bash
# Compiles the kernels with clang, each width by itself and two at a time. Writes DIR/stamp when all is there; without clang it says so and makes nothing, which
# is no error: there is then no GPU trainer.
#   build.sh ptx DIR    train-WIDTH.ptx.gz, matrix-WIDTH.ptx.gz and measure.ptx.gz for any GPU from sm_80 on (the driver compiles them for the one that is
#                       there); needs no CUDA toolkit
#   build.sh host DIR   for the tests: libkernels-WIDTH.so and libmeasure.so, the same code for this machine's processor; race-check-WIDTH (up to 512) and
#                       -measure under a thread sanitizer where the compiler has one;
#                       driver/libcuda.so.1, which passes them off as a GPU
set -uo pipefail
what=$1 out=$2
mkdir -p "$out" && out=$(cd "$out" && pwd) || exit 1
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 1
rm -f "$out/stamp"
if ! command -v clang >/dev/null 2>&1; then
  echo "no clang: $([ "$what" = ptx ] && echo "this build has no GPU trainer" || echo "the kernels' host tests are skipped") (apt-get install clang)"
  exit 0
fi

common="-O3 -std=c++17 -ffp-contract=off -Wall -Wextra -Werror"
ptx() {
  clang -x cuda --cuda-device-only -nocudainc -nocudalib --cuda-gpu-arch=sm_80 $common -S "${@:2}" -o "$out/$1.ptx" && gzip -nf9 "$out/$1.ptx"
}
library() {
  clang++ -x c++ ${common/17/20} -O2 -march=native -fPIC -shared -fvisibility=hidden "${@:2}" -pthread -o "$out/lib$1.so"
}
one() {
  case $what in
    ptx) ptx "train-$1" -DSWEEP_WIDTH="$1" train.cu && { [ "$1" = 16 ] || ptx "matrix-$1" -DSWEEP_WIDTH="$1" -DSWEEP_MATRIX train.cu; } ;;
    host) library "kernels-$1" -DSWEEP_WIDTH="$1" host.cpp ;;
  esac
}
measure() {
  case $what in
    ptx) ptx measure measure.cu ;;
    host) library measure measure_host.cpp ;;
  esac
}
driver() {
  mkdir -p "$out/driver"
  clang++ -x c++ -std=c++20 -O1 -Wall -Wextra -Werror -fPIC -shared -fvisibility=hidden -Wl,-soname,libcuda.so.1 driver.cpp \
    -o "$out/driver/libcuda.so.1" -ldl -pthread
}
race() {
  local width one=0 flags="-x c++ -std=c++20 -O1 -g -march=native -ffp-contract=off -DSWEEP_RACE_CHECK -fsanitize=thread -pthread" compiler=
  for compiler in clang++ g++; do
    $compiler $flags measure_host.cpp -o "$out/race-check-measure" 2>/dev/null || continue
    for width in 16 32 64 128 256 512; do
      $compiler $flags -DSWEEP_WIDTH=$width host.cpp -o "$out/race-check-$width" || one=1
    done
    return $one
  done
  rm -f "$out"/race-check-*
  echo "no thread sanitizer (apt-get install libclang-rt-14-dev or g++): the kernels' race test is skipped"
}

failed=0 jobs=()
for task in 16 32 64 128 256 512 1024 measure $([ "$what" = host ] && echo driver race); do
  if [ ${#jobs[@]} -ge 2 ]; then wait "${jobs[0]}" || failed=1; jobs=("${jobs[@]:1}"); fi
  case $task in measure | race | driver) "$task" & ;; *) one "$task" & ;; esac
  jobs+=($!)
done
for job in "${jobs[@]}"; do wait "$job" || failed=1; done
[ $failed -eq 0 ] && touch "$out/stamp"
exit $failed
