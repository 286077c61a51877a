#!/usr/bin/env bash
# Makes dist/ (ignored by git): the bench and the sweep command, trimmed and with the .NET runtime in them, for a GPU machine that has neither .NET nor a
# network (`publish.sh bench`: the bench alone). Prints their sizes; fails beyond 64 MiB, and where the kernels are missing.
set -euo pipefail
cd "${BASH_SOURCE[0]%/*}"
command -v clang >/dev/null 2>&1 || { echo "no clang, without which there are no kernels: apt-get install clang"; exit 1; }
rm -rf dist && mkdir dist
# Partial: assemblies that promise to stand it are trimmed, which is .NET's own; ours and the other packages stay whole, for they are used by reflection.
common="-c Release -r linux-x64 --self-contained -v quiet -nologo -p:DebugType=none -p:RunAnalyzers=false -p:PublishTrimmed=true -p:TrimMode=partial
  -p:SuppressTrimAnalysisWarnings=true -p:InvariantGlobalization=true -p:NuGetLockFilePath=obj/publish.lock.json -p:RestoreLockedMode=false"
dotnet publish Sweep.Bench.Gpu.csproj $common -o dist/gpu
ptx=$(mktemp -d)
trap 'rm -rf "$ptx"' EXIT
dist/gpu/Sweep.Bench.Gpu --ptx="$ptx"
echo "  $(ls "$ptx" | wc -l) modules of kernels"
if [ "${1:-}" != bench ]; then
  dotnet publish ../../client/Sweep.Client.csproj $common -p:JsonSerializerIsReflectionEnabledByDefault=true -o dist/sweep
fi
for folder in dist/*; do
  du -sh "$folder" | sed 's/^/  /'
  tar -C dist -czf "$folder.tar.gz" "${folder##*/}" && rm -rf "$folder"
done
du -sh dist/* | sed 's/^/  /'
kilobytes=$(du -sk dist | cut -f1)
[ "$kilobytes" -lt 65536 ] || { echo "dist: $kilobytes KiB; allowed: less than 65536"; exit 1; }
