# Sourced by ./sweep and ./test: makes sure that what a build needs is there, and builds. Says what it does; quiet when there is nothing to do.
# Expects: root (the repository's root). Gives: prepare_build, need_packages, need_postgres, need_chromium, need_prometheus, build_is_stale.

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=false
export DOTNET_CLI_USE_MSBUILD_SERVER=0 MSBUILDDISABLENODEREUSE=1
if [ -z "${HOME:-}" ] || [ ! -w "$HOME" ]; then export HOME="$root/.build/home"; mkdir -p "$HOME"; fi

say() { printf 'sweep: %s\n' "$*" >&2; }

# need_packages COMMAND-OR-LIBRARY:PACKAGE …: installs by apt-get what is missing.
need_packages() {
  local missing=() entry probe package
  for entry in "$@"; do
    probe=${entry%%:*} package=${entry##*:}
    case "$probe" in
      lib*) compgen -G "/usr/lib/*/$probe*" >/dev/null || compgen -G "/usr/lib/$probe*" >/dev/null || compgen -G "/usr/local/lib/$probe*" >/dev/null \
        || compgen -G "/lib/*/$probe*" >/dev/null || missing+=("$package") ;;
      *) command -v "$probe" >/dev/null 2>&1 || missing+=("$package") ;;
    esac
  done
  [ ${#missing[@]} -eq 0 ] && return 0

  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    if command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then as_root=(sudo -n)
    else say "missing: ${missing[*]}. Install with: sudo apt-get install ${missing[*]}"; return 1; fi
  fi
  if ! command -v apt-get >/dev/null 2>&1; then say "missing: ${missing[*]}; no apt-get here: install them with your package manager"; return 1; fi
  say "installing ${missing[*]} with apt-get (once; about a minute)"
  local log="$root/.build/apt.log"
  mkdir -p "$root/.build"
  if ! { "${as_root[@]}" apt-get update -qq && "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"; } >"$log" 2>&1; then
    tail -5 "$log" >&2
    say "apt-get could not install ${missing[*]}; its log: $log"
    return 1
  fi
}

# The tests' own PostgreSQL is started from Debian's package (never the server that it may set up by itself). Without it they are reported as skipped.
need_postgres() {
  compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null || command -v initdb >/dev/null 2>&1 \
    || need_packages initdb:postgresql || say "no PostgreSQL server: the tests that need one will be skipped"
}

# The tests run the GPU's kernels on this machine's processor, compiled by clang. Without it they are reported as skipped.
need_clang() {
  need_packages clang:clang || say "no clang: no GPU trainer, and its kernels' tests will be skipped"
  # clang's thread sanitizer is a package of its own, g++ brings one along.
  compgen -G "/usr/lib/llvm-*/lib/clang/*/lib/linux/libclang_rt.tsan-*.a" >/dev/null || command -v g++ >/dev/null 2>&1 \
    || need_packages tsan:libclang-rt-dev || say "no thread sanitizer: the tests that look for races in the kernels will be skipped"
}

# Likewise the dashboard's tests and Debian's Chromium.
need_chromium() {
  need_packages chromium:chromium || say "no Chromium: the tests that look at the dashboard in one will be skipped"
}

# Likewise a real Prometheus, and its promtool, which judges what silos serve and the alert rules.
need_prometheus() {
  need_packages prometheus:prometheus || say "no Prometheus: the tests that ask one will be skipped"
}

# True when a source file is newer than the last build, or there was none.
build_is_stale() {
  local stamp="$root/.build/stamp-$1"
  [ -f "$stamp" ] && [ -f "$root/client/bin/Release/net10.0/sweep.dll" ] || return 0
  [ -n "$(cd "$root" && find . \( -name bin -o -name obj -o -name node_modules -o -name dist -o -name .git -o -name .build -o -name runs \) -prune -o \
    -type f \( -name '*.cs' -o -name '*.csproj' -o -name '*.props' -o -name '*.targets' -o -name '*.sln' -o -name '*.sql' -o -name '*.cu' -o -name '*.h' \
    -o -name '*.ts' -o -name '*.css' -o -name '*.html' -o -name 'package*.json' -o -name 'BannedSymbols.txt' -o -name '.editorconfig' \) -newer "$stamp" -print -quit)" ]
}

# prepare_build NAME PROJECT: installs and builds PROJECT in Release unless it is up to date. One build at a time per clone.
prepare_build() {
  local name=$1 project=$2
  if ! command -v dotnet >/dev/null 2>&1; then
    say "dotnet is not on the PATH. Sweep needs the .NET SDK 10: https://dotnet.microsoft.com/download"
    return 1
  fi
  mkdir -p "$root/.build"
  exec 8>"$root/.build/lock"
  flock 8
  if build_is_stale "$name"; then
    need_packages npm:npm || return 1
    say "building $project (the first time restores packages: a minute or two)"
    local log="$root/.build/build.log" started="$root/.build/started"
    touch "$started"
    if ! (cd "$root" && dotnet build "$project" -c Release -v quiet -nologo) >"$log" 2>&1; then
      grep -E 'error' "$log" | sort -u | head -20 >&2
      say "the build failed; its log: $log"
      return 1
    fi
    mv "$started" "$root/.build/stamp-$name"
  fi
  exec 8>&-
}
