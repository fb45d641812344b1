#!/usr/bin/env bash
# Sets up if needed, checks the code style, the packages and that a second build is the same, runs every test of the solution (Release).
# The last line is 'N passed, N failed[, N skipped]'; non-zero on any failure or when no test ran.
# Arguments go to 'dotnet test' (tools/test.sh --filter FullyQualifiedName~Weights).
set -uo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
results="$root/artifacts/test-results"
passed=0 failed=0 skipped=0

close() {
  printf '%d passed, %d failed%s\n' "$passed" "$failed" "$( ((skipped)) && printf ', %d skipped' "$skipped")"
  ((failed == 0 && passed > 0))
  exit
}

cd "$root" || exit 1
if ! "$root/tools/setup.sh" --tests; then
  echo 'test: the build failed; the lines above say why' >&2
  failed=1
  close
fi
command -v glslc >/dev/null || PATH="$PATH:${VULKAN_SDK:-}/bin"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
[[ "$(ldconfig -p 2>/dev/null)" == *libicuuc.so* ]] || export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1

# check WHAT-TO-SAY-ON-FAILURE COMMAND…: counts as one test.
check() {
  local advice="$1"
  shift
  echo "test: $*"
  if "$@"; then
    passed=$((passed + 1))
  else
    echo "test: failed: $advice" >&2
    failed=$((failed + 1))
  fi
}

# A registry that knows no vulnerabilities, or cannot be reached, says nothing against a package: so that alone is no failure.
no_vulnerable_package() {
  local report
  report="$(dotnet list VkInception.sln package --vulnerable --include-transitive --format json)" ||
    { echo 'test: the package registry could not be asked for vulnerabilities'; return 0; }
  ! grep -E '"(id|resolvedVersion|severity|advisoryurl)"' <<<"$report"
}

# With arguments somebody is after certain tests, so these are left out.
if (($# == 0)); then
  check "the code style; 'dotnet format' mends it" dotnet format VkInception.sln --verify-no-changes --no-restore
  check 'a package has a known vulnerability: take another version in Directory.Packages.props' no_vulnerable_package
  check 'two builds of the same sources differ' tools/release.sh --verify
  check 'a hostile file got through a reader; tests/README.md says how to try it again' \
    dotnet tests/VkInception.Fuzz/bin/Release/net10.0/VkInception.Fuzz.dll --iterations 3000 --seed 2014 --jobs 2
fi

rm -rf "$results"
mkdir -p "$results"
for project in tests/*/*.csproj; do
  grep -q '<IsTestProject>true' "$project" || continue
  name="$(basename "$project" .csproj)"
  echo "test: $name"
  dotnet test "$project" -c Release --no-build --nologo --logger "trx;LogFileName=$name.trx" --logger 'console;verbosity=minimal' \
    --results-directory "$results" --blame-hang-timeout 10m --blame-hang-dump-type none "$@" </dev/null
  status=$?
  # <Counters total="…" executed="…" passed="…" failed="…" …>
  counters="$(grep -o '<Counters [^>]*' "$results/$name.trx" 2>/dev/null | head -n 1)"
  count() { sed -nE "s/.* $1=\"([0-9]+)\".*/\1/p" <<<"$counters"; }
  if [[ -z "$counters" ]]; then
    if ((status == 0 && $# > 0)); then continue; fi
    echo "test: failed: $name left no results (dotnet test ended with $status)" >&2
    failed=$((failed + 1))
    continue
  fi
  projectPassed="$(count passed)" projectTotal="$(count total)" projectFailed=$(($(count failed) + $(count error) + $(count timeout) + $(count aborted)))
  if ((status != 0 && projectFailed == 0)); then
    echo "test: failed: $name ended with $status though no test failed (a crash, a hang)" >&2
    projectFailed=1
    projectTotal=$((projectTotal + 1))
  fi
  passed=$((passed + projectPassed))
  failed=$((failed + projectFailed))
  skipped=$((skipped + projectTotal - projectPassed - projectFailed))
done
close
