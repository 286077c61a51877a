#!/bin/bash
# Follows docs/cluster.md: two silos in folders of their own work on one PostgreSQL (one to throw away), one is killed (kill -9) half-way; then compares the
# report with that of `sweep run` on this machine, member by member. usage: check-cluster.sh [SPEC, examples/quickstart.yaml unless given]. The quickstart takes
# some 3 minutes on a quiet machine of two cores. Needs Debian's postgresql, and python3. Leaves nothing behind.
set -uo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
spec=$(readlink -f "${1:-$root/examples/quickstart.yaml}")
bin=$(compgen -G "/usr/lib/postgresql/*/bin" | sort -V | tail -1)
[ -n "$bin" ] || { echo "missing: apt-get install postgresql"; exit 2; }
name=$(sed -n 's/^sweep: *\([^ #]*\).*/\1/p' "$spec")
"$root/sweep" --version >/dev/null || exit 1 # builds, once
export SWEEP_SKIP_BUILD=1
sweep() { "$root/sweep" "$@"; }

work=$(mktemp -d /tmp/sweep-cluster-XXXXXX) && chmod 755 "$work" && cd "$work" || exit 1
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
silos=()
mkfifo words
"$root/infra/scratch-postgres.sh" "$work/postgres" "$port" "$bin" <words >database.log & database=$!
exec 7>words
finish() {
  code=$?
  for pid in "${silos[@]}"; do kill -9 "$pid" 2>/dev/null; done
  exec 7>&-
  wait "$database" 2>/dev/null
  [ $code = 0 ] || tail -n 20 "$work"/node*/log
  cd / && rm -rf "$work"
  exit $code
}
trap finish EXIT
die() { echo "FAILED: $*"; exit 1; }
until grep -q ready database.log; do kill -0 $database 2>/dev/null || die "PostgreSQL did not start"; sleep 0.2; done
export SWEEP_STORE=postgresql://postgres@127.0.0.1:$port/postgres

sweep launch "$spec" || die launch
total=$(sweep status --json "$name" | python3 -c 'import json, sys; print(json.load(sys.stdin)["sweep"]["total"])') || die "status --json"
for node in 1 2; do
  mkdir "node$node"
  (cd "node$node" && exec "$root/sweep" silo --slots 1 --exit-when-idle >log 2>&1) & silos+=($!)
done
completed() { sweep status --json "$name" | python3 -c 'import json, sys; print(json.load(sys.stdin)["sweep"]["completed"])'; }
until [ "$(completed)" -ge $((total / 2)) ]; do kill -0 "${silos[0]}" 2>/dev/null || die "a silo ended"; sleep 0.3; done
kill -9 "${silos[0]}" && echo "killed one of two silos at $(completed) of $total"
wait "${silos[1]}" || die "the other silo ended with $?" # it has waited for what the dead one held
[ "$(completed)" = "$total" ] || die "$(completed) of $total completed"
sweep status "$name" | sed 's/^/  /'
sweep report "$name" --out cluster >/dev/null || die report
env -u SWEEP_STORE "$root/sweep" run "$spec" --out embedded >run.log 2>&1 || { cat run.log; die "sweep run"; }
python3 "$root/infra/compare-reports.py" cluster/report/report.json embedded/report/report.json || die "the reports differ"
