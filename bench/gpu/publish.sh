#!/usr/bin/env bash
# Makes dist/ (ignored by git): the bench and the sweep command with the .NET runtime in them, for a GPU machine that has neither .NET nor a network. Prints its size.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
rm -rf dist && mkdir dist
common="-c Release -r linux-x64 --self-contained -v quiet -nologo -p:DebugType=none -p:RunAnalyzers=false"
dotnet publish Sweep.Bench.Gpu.csproj $common -p:PublishTrimmed=true -p:TrimMode=partial -o dist/gpu
[ "${1:-}" = bench ] || { dotnet publish ../../client/Sweep.Client.csproj $common -o dist/sweep && tar -C dist -czf dist/sweep.tar.gz sweep && rm -rf dist/sweep; }
du -sh dist/* | sed 's/^/  /'
