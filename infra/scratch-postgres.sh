#!/bin/sh
# A PostgreSQL server to throw away, from Debian's package, never the one that it may have set up: for tests and benchmarks.
# usage: scratch-postgres.sh FOLDER PORT BINARIES [postgres options]
# FOLDER is an empty or new folder: cluster, logs and socket go there. Prints "ready" when it answers on 127.0.0.1:PORT (user postgres, no password), and
# waits. "restart" on its standard input crashes the server and starts it again, then "ready" again. When its standard input closes, also because whoever
# started it has died, it stops the server and removes FOLDER.
folder=$1 port=$2 bin=$3
shift 3
mkdir -p "$folder" && cd "$folder" || exit 1
[ ! -f server.key ] || chmod 600 server.key
as=""
if [ "$(id -u)" = 0 ]; then
  # The server refuses to run as root.
  user=postgres
  id $user >/dev/null 2>&1 || user=nobody
  chown -R $user "$folder"
  as="setpriv --reuid=$user --regid=$(id -g $user) --clear-groups"
fi
trap '' INT TERM HUP
fail() { cat "$@" 2>/dev/null; echo failed; cd / && rm -rf "$folder"; exit 1; }
$as "$bin/initdb" -D data -U postgres -A trust -E UTF8 --locale=C --no-sync >initdb.log 2>&1 || fail initdb.log
$as "$bin/pg_ctl" -D data -w -t 60 -l server.log -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories=$folder $*" start >start.log 2>&1 \
  || fail start.log server.log
echo ready
while read -r word; do
  [ "$word" = restart ] || continue
  if $as "$bin/pg_ctl" -D data -w -t 60 -m immediate -l server.log restart >start.log 2>&1; then echo ready; else cat start.log; echo failed; fi
done
$as "$bin/pg_ctl" -D data -m immediate stop >/dev/null 2>&1 || true
cd / && rm -rf "$folder"
