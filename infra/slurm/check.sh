#!/bin/bash
# Runs silo.sbatch on a real Slurm of one node, from Debian's package, with a PostgreSQL of its own, and checks that an array of two silos works, drains when it
# is told to, and finishes the sweep. Needs root (slurmd), and: apt-get install slurm-wlm munge postgresql. Leaves nothing behind. Half a minute to a minute.
set -uo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
[ "$(id -u)" = 0 ] || { echo "must be root: slurmd is"; exit 2; }
for need in slurmctld slurmd sbatch munged; do command -v $need >/dev/null || { echo "missing: $need (apt-get install slurm-wlm munge)"; exit 2; }; done
bin=$(compgen -G "/usr/lib/postgresql/*/bin" | sort -V | tail -1)
[ -n "$bin" ] || { echo "missing: apt-get install postgresql"; exit 2; }

work=$(mktemp -d /tmp/sweep-slurm-XXXXXX) && chmod 755 "$work" && cd "$work" || exit 1
free() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
host=$(hostname -s) started=()
finish() {
  code=$?
  scancel --full -u root 2>/dev/null
  for pid in "${started[@]}"; do kill "$pid" 2>/dev/null; done
  [ -f munge.pid ] && kill "$(cat munge.pid)" 2>/dev/null
  exec 7>&-
  wait 2>/dev/null
  [ $code = 0 ] || { echo "--- logs"; tail -n 15 ctld.out slurmd.out slurmctld.log slurmd.log job/*.log 2>/dev/null; }
  cd / && rm -rf "$work"
  exit $code
}
trap finish EXIT
die() { echo "FAILED: $*"; exit 1; }
# until_true SECONDS WHAT COMMAND…
until_true() { local n=$(($1 * 5)) what=$2; shift 2; until "$@"; do n=$((n - 1)); [ $n -gt 0 ] || die "waited for: $what"; sleep 0.2; done; }

# munge and Slurm, in this folder alone
mkdir -p state spool job munge && chown munge munge
dd if=/dev/urandom bs=1 count=1024 of=munge/key 2>/dev/null && chown munge munge/key && chmod 600 munge/key
chmod 755 munge
setpriv --reuid=munge --regid=munge --clear-groups munged --foreground --force --key-file="$work/munge/key" --socket="$work/munge/socket" \
  --pid-file="$work/munge/pid" \
  --log-file="$work/munge/log" --seed-file="$work/munge/seed" >munge.out 2>&1 & started+=($!)
cat >slurm.conf <<CONF
ClusterName=check
SlurmctldHost=$host(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$work/munge/socket
CryptoType=crypto/munge
CredType=cred/munge
SlurmctldPort=$(free)
SlurmdPort=$(free)
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/slurmd.pid
SlurmctldLogFile=$work/slurmctld.log
SlurmdLogFile=$work/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
SchedulerType=sched/backfill
SchedulerParameters=sched_min_interval=1000000,batch_sched_delay=0
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
PreemptType=preempt/partition_prio
PreemptMode=REQUEUE
SlurmctldParameters=preempt_send_user_signal
ReturnToService=2
KillWait=15
MpiDefault=none
NodeName=$host NodeAddr=127.0.0.1 CPUs=$(nproc) State=UNKNOWN
PartitionName=low Nodes=$host Default=YES MaxTime=INFINITE State=UP PriorityTier=1 PreemptMode=REQUEUE GraceTime=20
PartitionName=high Nodes=$host MaxTime=INFINITE State=UP PriorityTier=10 PreemptMode=OFF
CONF
export SLURM_CONF=$work/slurm.conf
until_true 10 "munge" test -S munge/socket
slurmctld -D -f "$SLURM_CONF" >ctld.out 2>&1 & started+=($!)
slurmd -D -f "$SLURM_CONF" >slurmd.out 2>&1 & started+=($!)
idle() { [ "$(sinfo -h -p low -o %T 2>/dev/null)" = idle ]; }
until_true 40 "a node that is idle" idle
echo "slurm $(sinfo --version | cut -d' ' -f2): one node, $(nproc) CPUs"

# PostgreSQL
mkfifo pg.in
port=$(free)
"$root/infra/scratch-postgres.sh" "$work-pg" "$port" "$bin" -c fsync=off <pg.in >pg.out & started+=($!)
exec 7>pg.in
until_true 60 "PostgreSQL" grep -q ready pg.out
export SWEEP_STORE="postgresql://postgres@127.0.0.1:$port/postgres" SWEEP="$root/sweep" SWEEP_SKIP_BUILD=1 SLOTS=1

# A sweep whose trials take long enough to be caught at work.
cat >spec.yaml <<SPEC
sweep: slurm
seeds: 4
axes: {dataset: [{kind: gmm-ring, name: ring8}], preprocessing: [standardize, gaussianize], schedule: vp-linear, width: [16]}
network: {hidden_layers: 1}
training: {steps: 400000, batch: 64, points: 500, learning_rate: 1e-3}
sampling: {steps: 25, samples: 256}
SPEC
"$root/sweep" launch spec.yaml || die "launch"
count() { "$root/sweep" status slurm --json | python3 -c "import json, sys; s = json.load(sys.stdin); print({**s['sweep'], **s['causes']}.get('$1', 0))"; }
at_least() { [ "$(count "$1")" -ge "$2" ]; }

cd job
array=$(sbatch --parsable --array=0-1 --cpus-per-task=1 "$root/infra/slurm/silo.sbatch") || die "sbatch"
cd ..
tasks=$(($(nproc) < 2 ? 1 : 2))
until_true 60 "$tasks silos at work" at_least running "$tasks"
echo "array $array: $tasks silos at work"

# Preemption by a partition of higher priority.
high=$(sbatch --parsable -p high --exclusive --time=5 --output=/dev/null --wrap 'sleep 2') || die "sbatch of the preemptor"
until_true 40 "trials released" at_least preempted "$tasks"
echo "preempted by job $high: $(count preempted) trials released, $(count lost) lost"
grep -h -E "drain|silo ended" job/*.log | sed 's/^/  /'
[ "$(count lost)" = 0 ] || die "a lease was lost"
requeued() { [ "$(squeue -h -r -j "$array" -o %T | grep -c -E 'PENDING|RUNNING')" = 2 ]; }
until_true 20 "the array is queued again" requeued
squeue -h -r -j "$array" -o '  %i %T, may start %S'
# Slurm holds a requeued job for two minutes; not here.
for id in $(squeue -h -r -j "$array" -o %A | sort -u); do scontrol update "JobId=$id" StartTime=now; done
until_true 240 "all 8 trials" at_least completed 8
echo "requeued, and done: $(count completed) of 8 trials completed, $(count preempted) attempts preempted, $(count lost) lost"
