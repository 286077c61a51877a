# Sourced by ./sweep and ./test: makes sure that what a build needs is there, and builds. Says what it does; quiet when there is nothing to do.
# Expects: root (the repository's root). Gives: prepare_build, need_packages, need_postgres, need_clang, need_chromium, need_prometheus, need_npm, lacking,
# build_is_stale.

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=false
export DOTNET_CLI_USE_MSBUILD_SERVER=0 MSBUILDDISABLENODEREUSE=1
# The SDK itself wants ICU unless it is told to do without.
compgen -G "/usr/lib/*/libicuuc.so.*" >/dev/null || compgen -G "/usr/lib*/libicuuc.so.*" >/dev/null || export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1

say() { printf 'sweep: %s\n' "$*" >&2; }

# makes_folder DIR: whether it is there and may be written.
makes_folder() { mkdir -p "$1" 2>/dev/null && [ -w "$1" ]; }

# The SDK keeps things in HOME; what is built runs without.
if [ -z "${HOME:-}" ] || [ ! -w "$HOME" ]; then
  if makes_folder "$root/.build/home"; then export HOME="$root/.build/home"
  elif [ "${SWEEP_SKIP_BUILD:-}" != 1 ]; then
    say "HOME: ${HOME:-none}, and neither it nor $root/.build can be written; allowed: a folder that you may write (HOME=DIR $0 …)"
    exit 1
  fi
fi

# What could not be had and why, a line each; ./test prints it at the end.
lacking=()
lacks() { lacking+=("$1"); say "$1"; }

# holder_of FILE: the process that holds a lock on it, as "name (pid)"; nothing when nobody does.
holder_of() {
  local inode pid
  inode=$(stat -c %i "$1" 2>/dev/null) || return 0
  pid=$(awk -v suffix=":$inode" 'index($6, suffix) == length($6) - length(suffix) + 1 { print $5; exit }' /proc/locks 2>/dev/null)
  [ -n "$pid" ] && [ "$pid" -gt 0 ] && printf '%s (process %s)' "$(cat "/proc/$pid/comm" 2>/dev/null || echo unknown)" "$pid"
}

# apt ARGUMENTS…: apt-get as root, waiting up to five minutes for a lock that another holds. DPkg::Lock::Timeout doesn't cover the lock of the lists that
# `update` takes. A machine that has just started often has its own upgrades under way.
apt() {
  local log="$root/.build/apt.log" waited=0 told=
  while ! "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=0 "$@" >"$log" 2>&1; do
    grep -qE 'Could not get lock|Unable to lock|Unable to acquire' "$log" && [ "$waited" -lt 300 ] || return 1
    if [ -z "$told" ]; then
      local lock who=
      for lock in /var/lib/apt/lists/lock /var/lib/dpkg/lock-frontend /var/lib/dpkg/lock /var/cache/apt/archives/lock; do
        who=$(holder_of "$lock") && [ -n "$who" ] && break
      done
      say "waiting up to five minutes for ${who:-another process}, which holds apt's lock"
      told=1
    fi
    sleep 5
    waited=$((waited + 5))
  done
}

# need_packages COMMAND-OR-LIBRARY:PACKAGE …: installs by apt-get what is missing.
need_packages() {
  local missing=() entry probe package
  for entry in "$@"; do
    probe=${entry%%:*} package=${entry##*:}
    command -v "$probe" >/dev/null 2>&1 || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return 0

  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    if command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then as_root=(sudo -n)
    else why="not root and no sudo without a password; install it with: sudo apt-get install ${missing[*]}"; return 1; fi
  fi
  if ! command -v apt-get >/dev/null 2>&1; then why="no apt-get here; install ${missing[*]} with your package manager"; return 1; fi
  say "installing ${missing[*]} with apt-get (once; about a minute)"
  mkdir -p "$root/.build"
  if ! { apt update && apt install -y --no-install-recommends "${missing[@]}"; }; then
    why="apt-get: $(grep -E '^E: ' "$root/.build/apt.log" | head -1 | sed 's/^E: //'); its log: $root/.build/apt.log"
    return 1
  fi
}

# need_for WHAT COMMAND:PACKAGE: the same for what only tests need; what can't be had is remembered, and its tests report themselves as skipped.
need_for() { local why=; need_packages "$2" || lacks "no ${2##*:}, which $1 need: $why"; }

# The tests' own PostgreSQL is started from Debian's package (never the server that it may set up by itself).
need_postgres() { compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null || need_for "the tests on a real database" initdb:postgresql; }

# The tests run the GPU's kernels on this machine's processor, compiled by clang; its thread sanitizer is a package of its own, g++ brings one along.
need_clang() {
  need_for "the GPU trainer and its kernels' tests" clang:clang
  compgen -G "/usr/lib/llvm-*/lib/clang/*/lib/linux/libclang_rt.tsan-*.a" >/dev/null || command -v g++ >/dev/null 2>&1 \
    || need_for "the tests that look for races in the kernels" tsan:libclang-rt-dev
}

need_chromium() { need_for "the tests that look at the pages in a browser" chromium:chromium; }

# And its promtool, which judges what silos serve and the alert rules.
need_prometheus() { need_for "the tests that ask a real Prometheus" prometheus:prometheus; }

# Builds the pages again and tests them, and validates the manifests.
need_npm() { need_for "the tests of the pages' source and of the manifests" npm:npm; }

# True when a source file is newer than the last build, or there was none. Pages elsewhere are reports of runs that somebody keeps in the clone.
build_is_stale() {
  local stamp="$root/.build/stamp-$1"
  [ -f "$stamp" ] && [ -f "$root/client/bin/Release/net10.0/sweep.dll" ] || return 0
  [ -n "$(cd "$root" && find . \( -name bin -o -name obj -o -name node_modules -o -name dist -o -name .git -o -name .build -o -name runs \) -prune -o \
    -type f \( -name '*.cs' -o -name '*.csproj' -o -name '*.props' -o -name '*.targets' -o -name '*.sln' -o -name '*.sql' -o -name '*.cu' -o -name '*.h' \
    -o -name '*.ts' -o -name '*.css' -o -path './client/web/*' -name '*.html' -o -name 'package*.json' -o -name 'BannedSymbols.txt' \
    -o -name '.editorconfig' \) -newer "$stamp" -print -quit)" ]
}

# The SDK that global.json asks for, or why there is none, in words.
need_sdk() {
  local found
  if ! command -v dotnet >/dev/null 2>&1; then
    say "dotnet is not on the PATH. Sweep needs the .NET SDK 10: https://dotnet.microsoft.com/download"
    return 1
  fi
  (cd "$root" && dotnet --version) >"$root/.build/sdk.log" 2>&1 && return 0
  found=$(dotnet --list-sdks 2>/dev/null | sed 's/ \[.*//' | paste -sd ' ')
  say "Sweep needs the .NET SDK $(sed -nE 's/.*"version": "([0-9.]+)".*/\1/p' "$root/global.json") or a later 10.0;\
 $(command -v dotnet) has ${found:-a runtime, but no SDK}: https://dotnet.microsoft.com/download"
  return 1
}

# prepare_build NAME PROJECT: builds PROJECT in Release unless it is up to date. One build at a time per clone.
prepare_build() {
  local name=$1 project=$2
  if ! makes_folder "$root/.build" || { [ -e "$root/.build/lock" ] && [ ! -w "$root/.build/lock" ]; }; then
    say "$root/.build can't be written, and builds are kept there; allowed: a clone that you may write, or SWEEP_SKIP_BUILD=1 where it is built"
    return 1
  fi
  exec 8>"$root/.build/lock"
  if ! flock -n 8; then
    say "waiting for another ./sweep or ./test, which is building this clone"
    flock 8
  fi
  if build_is_stale "$name"; then
    need_sdk || return 1
    say "building $project (the first time restores packages: a minute or two)"
    local log="$root/.build/build.log" started="$root/.build/started"
    touch "$started"
    # Without the lock: the compiler's server and the build's nodes, which it leaves behind for minutes, would hold it for as long.
    if ! (cd "$root" && dotnet build "$project" -c Release -v quiet -nologo) >"$log" 2>&1 8>&-; then
      grep -E 'error' "$log" | sort -u | head -20 >&2 || tail -5 "$log" >&2
      say "the build failed; its log: $log"
      return 1
    fi
    mv "$started" "$root/.build/stamp-$name"
  fi
  exec 8>&-
}
