#!/usr/bin/env bash
# A rolling upgrade of an Orleans cluster, rehearsed: one silo of each version, the first killed half-way; the report is to be the embedded run's to the last digit.
# usage: infra/rolling-upgrade.sh FIRST/sweep.dll SECOND/sweep.dll SPEC
# Both are builds with the Orleans engine (client/bin/Release/net10.0) of versions whose stores have the same schema. SPEC takes each silo a minute or more. Run it
# again with the two exchanged: it matters on whose silo the grains are. Wants PostgreSQL's server package (infra/scratch-postgres.sh) and python3.
set -eu
first=$(realpath "$1") second=$(realpath "$2") spec=$(realpath "$3")
here=$(cd "$(dirname "$0")" && pwd)
bin=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -1)
folder=$(mktemp -d) a="" b=""
chmod 755 "$folder"
cd "$folder"
mkfifo control
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
"$here/scratch-postgres.sh" "$folder/postgres" "$port" "$bin" <control >postgres.log 2>&1 &
exec 9>control
end() { [ -z "$a" ] || kill -9 "$a" 2>/dev/null || true; [ -z "$b" ] || kill -9 "$b" 2>/dev/null || true; exec 9>&-; wait; rm -rf "$folder"; }
trap end EXIT
until grep -q ready postgres.log; do ! grep -q failed postgres.log || { cat postgres.log; exit 1; }; sleep 0.2; done
store="postgresql://postgres@127.0.0.1:$port/postgres?schema=rolling"
ask() { "$bin/psql" -h 127.0.0.1 -p "$port" -U postgres -Atc "SET search_path = rolling; $1" postgres | tail -n +2; }
completed() { ask "SELECT count(*) FROM trials WHERE state = 2"; }
until_completed() { until [ "$(completed)" -ge "$1" ]; do sleep 0.2; done; }

dotnet "$second" run "$spec" --out embedded >embedded.log 2>&1 || { cat embedded.log; exit 1; }
dotnet "$first" launch "$spec" --orleans --store "$store" >launch.log 2>&1 || { cat launch.log; exit 1; }
total=$(ask "SELECT count(*) FROM trials")
mkdir one two
(cd one && exec dotnet "$first" silo --orleans --store "$store" --slots 1 --id first --lease 5) >first.log 2>&1 & a=$!
until_completed 1
(cd two && exec dotnet "$second" silo --orleans --store "$store" --slots 1 --id second --lease 5) >second.log 2>&1 & b=$!
until_completed $((total / 2))
[ "$(ask "SELECT completed FROM silos WHERE id = 'second'")" != 0 ] || echo "the second silo has completed nothing yet: take a longer spec"
kill -9 "$a"
echo "half-way: $(ask "SELECT id || ' ' || completed FROM silos ORDER BY id" | paste -sd ' ')"
until_completed "$total"
echo "end: $(ask "SELECT id || ' ' || completed FROM silos ORDER BY id" | paste -sd ' '); attempts that ended otherwise: $(ask "SELECT count(*) FROM attempts WHERE outcome <> 1")"
kill "$b" && wait "$b" || true
b=""
dotnet "$second" report --store "$store" --out cluster >report.log 2>&1 || { cat report.log; exit 1; }
python3 - <<'P'
import json, sys

def numbers(folder):
    report = json.load(open(f"{folder}/report/report.json"))
    del report["generated"], report["environment"]
    for group in report["groups"]:
        group["metrics"] = {name: value for name, value in group["metrics"].items() if not name.endswith("_seconds")}
    return report

same = numbers("embedded") == numbers("cluster")
print("the report is the embedded run's" if same else "THE REPORT DIFFERS from the embedded run's")
sys.exit(not same)
P
