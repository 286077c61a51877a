#!/usr/bin/env bash
# Tries Sweep where nothing but Debian's base is installed, in a root filesystem made by debootstrap (needs root and debootstrap; a few minutes each):
#   check-bare.sh quickstart   a clone of HEAD and the .NET SDK alone: ./sweep run examples/quickstart.yaml as an unprivileged user whose HOME can't be
#                              written to; no npm, no apt
#   check-bare.sh test         the same as root: ./test, which installs what it needs
#   check-bare.sh archive      dist/sweep-*-linux-x64.tar.gz (infra/release linux-x64) without .NET, unprivileged
#   check-bare.sh tool         dist/Sweep.*.nupkg installed by the SDK, unprivileged
# SUITE=trixie tries another Debian. BASE=FILE keeps the base there and takes it from there the next time. KEEP=1 leaves the root filesystem and says where it
# is.
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
what=${1:-} suite=${SUITE:-bookworm}
case $what in quickstart | test | archive | tool) ;; *) echo "check-bare.sh ${what:-(nothing)}; allowed: quickstart, test, archive, tool" >&2; exit 2 ;; esac
bare=$(mktemp -d /tmp/sweep-bare-XXXXXX)
finish() {
  umount -lq "$bare/proc" "$bare/dev" "$bare/usr/share/dotnet" 2>/dev/null || true
  if [ -n "${KEEP:-}" ]; then echo "left in $bare"; else rm -rf --one-file-system "$bare"; fi
}
trap finish EXIT

base=${BASE:-$bare.tar}
if [ ! -f "$base" ]; then
  mirror=$(sed -nE 's/^URIs: *([^ ]+).*/\1/p' /etc/apt/sources.list.d/debian.sources 2>/dev/null | head -1)
  packages=ca-certificates,git,libssl3$([ "$suite" = bookworm ] || echo t64)
  debootstrap --variant=minbase --include="$packages" "$suite" "$bare" "${mirror:-http://deb.debian.org/debian}" >"$bare.log" 2>&1 \
    || { tail -5 "$bare.log" >&2; exit 1; }
  rm -f "$bare.log"
  [ -z "${BASE:-}" ] || tar -C "$bare" -cf "$base" .
else
  tar -C "$bare" -xf "$base"
fi
chmod 755 "$bare"
mount --bind /dev "$bare/dev"
mount -t proc proc "$bare/proc"
for file in /etc/resolv.conf /etc/hosts; do cp -L "$file" "$bare$file"; done
cp -L --remove-destination /etc/ssl/certs/ca-certificates.crt "$bare/etc/ssl/certs/ca-certificates.crt"
chroot "$bare" useradd --create-home someone
if [ "$what" != archive ]; then
  sdk=$(dirname "$(readlink -f "$(command -v dotnet)")")
  mkdir -p "$bare/usr/share/dotnet"
  mount --bind -o ro "$sdk" "$bare/usr/share/dotnet"
  ln -s /usr/share/dotnet/dotnet "$bare/usr/bin/dotnet"
fi
inside() {
  chroot "$bare" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt \
    ${NUGET_CERT_REVOCATION_MODE:+NUGET_CERT_REVOCATION_MODE=$NUGET_CERT_REVOCATION_MODE} "$@"
}
as_someone() { inside setpriv --reuid someone --regid someone --clear-groups env "$@"; }
clone() { git clone -q "$root" "$bare/home/someone/sweep"; chroot "$bare" chown -R "$1:$1" /home/someone/sweep; }

started=$SECONDS
case $what in
  quickstart)
    clone someone
    chmod 555 "$bare/home/someone" && chown root "$bare/home/someone"
    as_someone HOME=/home/someone bash -c 'cd /home/someone/sweep && ./sweep run examples/quickstart.yaml'
    du -sm "$bare"/home/someone/sweep/.build/home/.nuget/packages "$bare"/home/someone/sweep/client/bin
    ;;
  test)
    clone root
    inside HOME=/root bash -c 'cd /home/someone/sweep && ./test'
    du -sm "$bare"/root/.nuget/packages "$bare"/home/someone/sweep/*/bin
    ;;
  archive)
    tar -C "$bare/opt" -xzf "$root"/dist/sweep-*-linux-x64.tar.gz
    as_someone HOME=/home/someone bash -c 'cd && /opt/sweep-*/sweep run /opt/sweep-*/examples/quickstart.yaml --out run'
    ;;
  tool)
    mkdir "$bare/opt/packages" && cp "$root"/dist/Sweep.*.nupkg "$bare/opt/packages"
    cp "$root/examples/quickstart.yaml" "$bare/home/someone"
    as_someone HOME=/home/someone DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 \
      bash -c 'cd && dotnet tool install --global --add-source /opt/packages Sweep && .dotnet/tools/sweep run quickstart.yaml --out run'
    ;;
esac
echo "$what in a bare $suite: $((SECONDS - started)) s"
