#!/usr/bin/env bash
# Builds what is released, from a restore that takes nothing but the packages of the lock files.
#   tools/release.sh OUT        OUT/cli (the command line, with its bill of materials: vkinception.cdx.json) and OUT/packages (the library for NuGet)
#   tools/release.sh --verify   compiles once more, from a copy of the sources elsewhere, and compares every assembly with the Release build here
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
usage() { sed -n '2,4s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; }
fail() { printf 'release: error: %s\n' "$*" >&2; exit 1; }
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0
[[ "$(ldconfig -p 2>/dev/null)" == *libicuuc.so* ]] || export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1
options=(-c Release -v quiet --nologo -p:UseSharedCompilation=false)
quiet=("${options[@]}" -clp:NoSummary)
cli=tools/VkInception.Cli

release() {
  local out="$1" version
  mkdir -p "$out"
  out="$(cd "$out" && pwd)"
  [[ -z "$(ls -A "$out")" ]] || fail "$out is not empty: name a new folder"
  dotnet restore "$root/VkInception.sln" --locked-mode -v quiet
  dotnet publish "$root/$cli" "${options[@]}" --use-current-runtime --self-contained false -p:PublishReadyToRun=true -o "$out/cli"
  for project in "$root"/src/*/*.csproj; do dotnet pack "$project" "${options[@]}" -o "$out/packages"; done
  version="$(dotnet msbuild "$root/$cli" -getProperty:Version)"
  dotnet run --project "$root/tools/VkInception.Sbom" -c Release -- "$out/cli" "$root/$cli/packages.lock.json" "$version"
}

# Everything that is tracked or new, with the history that the version number takes the commit from.
copy_sources() {
  if git -C "$root" rev-parse --git-dir >/dev/null 2>&1; then
    git clone --quiet --shared --no-checkout "$root" "$1"
    git -C "$1" reset --quiet
    (cd "$root" && git ls-files -z --cached --others --exclude-standard | while IFS= read -r -d '' file; do [[ ! -e "$file" ]] || printf '%s\0' "$file"; done | tar -cf - --null --no-recursion -T -) | tar -xf - -C "$1"
  else
    mkdir -p "$1"
    (cd "$root" && tar -cf - --exclude=bin --exclude=obj --exclude=artifacts .) | tar -xf - -C "$1"
  fi
}

verify() {
  local copy differ=0 compared=0 file name
  temporary="$(mktemp -d)"
  trap 'rm -rf "$temporary"' EXIT
  copy="$temporary/somewhere else/checkout"
  copy_sources "$copy"
  dotnet build "$root/$cli" "${quiet[@]}"
  dotnet build "$copy/$cli" "${quiet[@]}"
  for file in "$root/$cli"/bin/Release/net10.0/*.{dll,pdb}; do
    name="${file##*/}"
    cmp -s "$file" "$copy/$cli/bin/Release/net10.0/$name" || { printf 'release: differs: %s\n' "$name" >&2; differ=1; }
    compared=$((compared + 1))
  done
  ((differ == 0 && compared > 0)) || fail 'two builds of the same sources differ'
  printf 'release: %d files are the same, byte for byte, in two builds\n' "$compared"
}

case "${1:-}" in
  --verify) verify ;;
  -h | --help | '') usage ;;
  -*) usage >&2; exit 2 ;;
  *) release "$1" ;;
esac
