#!/usr/bin/env bash
# Makes this machine ready and builds: what a bare Debian or Ubuntu lacks, then restore and a Release build.
# Idempotent: what is there is left alone, and apt is not run when nothing is missing.
#   tools/setup.sh            the whole solution and the command line
#   tools/setup.sh --cli      only the command line (what tools/vkinception needs)
#   tools/setup.sh --tests    only the solution, and what only the tests need (validation layers, spirv-val)
#   tools/setup.sh --no-build only the machine
set -euo pipefail
exec 1>&2

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
usage() { sed -n '2,7s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; }

withTests=0
buildSolution=1
buildProgram=1
for argument in "$@"; do
  case "$argument" in
    --cli) buildSolution=0 ;;
    --tests) withTests=1 buildProgram=0 ;;
    --no-build) buildSolution=0 buildProgram=0 ;;
    -h | --help) usage; exit 0 ;;
    *) usage; exit 2 ;;
  esac
done

say() { printf 'setup: %s\n' "$*"; }
fail() { printf 'setup: error: %s\n' "$*"; exit 1; }
PATH="$PATH:/usr/sbin:/sbin"

# --- What is there -----------------------------------------------------------------------------
has_library() { [[ "$(ldconfig -p 2>/dev/null)" == *"$1"* ]] || compgen -G "/usr/lib*/$1" >/dev/null || compgen -G "/usr/lib/*/$1" >/dev/null; }
has_glslc() { command -v glslc >/dev/null || [[ -n "${VULKAN_SDK:-}" && -x "$VULKAN_SDK/bin/glslc" ]]; }
has_driver() {
  [[ -n "${VK_DRIVER_FILES:-}${VK_ICD_FILENAMES:-}" ]] && return 0
  local folder
  for folder in /usr/share /usr/local/share /etc; do
    compgen -G "$folder/vulkan/icd.d/*.json" >/dev/null && return 0
  done
  return 1
}
# Only where the Vulkan loader looks: a variable that is merely set says nothing.
has_layers() {
  local folder folders
  IFS=: read -ra folders <<<"${VK_LAYER_PATH:-}:${VK_ADD_LAYER_PATH:-}"
  for folder in /usr/share/vulkan/explicit_layer.d /usr/local/share/vulkan/explicit_layer.d /etc/vulkan/explicit_layer.d "${folders[@]}"; do
    [[ -z "$folder" ]] || ! compgen -G "$folder/*validation*.json" >/dev/null || return 0
  done
  return 1
}

wanted=()      # Debian packages
needDriver=0
find_missing() {
  wanted=()
  needDriver=0
  command -v dotnet >/dev/null || wanted+=(dotnet-sdk-10.0)
  has_library libssl.so || wanted+=(libssl3)
  has_library libvulkan.so.1 || wanted+=(libvulkan1)
  has_glslc || wanted+=(glslc)
  has_library libgdk_pixbuf-2.0.so.0 || wanted+=(libgdk-pixbuf-2.0-0)
  [[ -s /etc/ssl/certs/ca-certificates.crt || ! -e /etc/debian_version ]] || wanted+=(ca-certificates)
  if ((withTests)); then
    has_layers || wanted+=(vulkan-validationlayers)
    command -v spirv-val >/dev/null || wanted+=(spirv-tools)
  fi
  has_driver || needDriver=1
}

# --- Installing --------------------------------------------------------------------------------
asRoot=()
# Its report of every package goes nowhere, its errors stay on standard error.
apt_get() {
  DEBIAN_FRONTEND=noninteractive "${asRoot[@]}" apt-get -qq -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 "$@" >/dev/null
}

# The machine's own archive, whichever file format and mirror it is configured in, with its backports suite:
# "URI CODENAME", or nothing where this is no Debian release with backports.
debian_archive() {
  apt-get indextargets --format '$(ORIGIN)|$(COMPONENT)|$(RELEASE)|$(CODENAME)|$(REPO_URI)' 'Created-By: Packages' 2>/dev/null |
    awk -F'|' -v wanted="$(. /etc/os-release && echo "${VERSION_CODENAME:-}")" \
      '$1 == "Debian" && $2 == "main" && $4 == wanted { print $5, $4; exit }'
}

has_backports() { [[ "$(apt-cache madison mesa-vulkan-drivers 2>/dev/null)" == *bookworm-backports/* ]]; }

# Debian 12's own lavapipe is two to three times slower than the one of its backports.
add_backports() {
  has_backports && return 0
  local uri codename list=/etc/apt/sources.list.d/vkinception-backports.list keyring=/usr/share/keyrings/debian-archive-keyring.gpg options=''
  read -r uri codename <<<"$(debian_archive)" || true
  [[ -n "${uri:-}" && "${codename:-}" == bookworm ]] || return 1
  [[ -r "$keyring" ]] && options="[signed-by=$keyring] "
  say "adding the backports of this machine's Debian archive ($list)"
  printf 'deb %s%s %s-backports main\n' "$options" "$uri" "$codename" | "${asRoot[@]}" tee "$list" >/dev/null
  if apt_get update -o Dir::Etc::sourcelist="$list" -o Dir::Etc::sourceparts=- -o APT::Get::List-Cleanup=0 -o APT::Update::Error-Mode=any &&
    has_backports; then
    return 0
  fi
  say "the backports cannot be reached: staying with the release's own driver"
  "${asRoot[@]}" rm -f "$list"
  return 1
}

install_driver() {
  if [[ "$(. /etc/os-release && echo "$ID-${VERSION_CODENAME:-}")" == debian-bookworm ]] && add_backports; then
    # Only the driver and the libdrm that it asks for: everything else stays at the release's versions.
    say 'installing the software Vulkan driver from backports (mesa-vulkan-drivers, libdrm)'
    apt_get install --no-install-recommends mesa-vulkan-drivers/bookworm-backports libdrm2/bookworm-backports \
      libdrm-amdgpu1/bookworm-backports libdrm-common/bookworm-backports && return 0
    say "that failed: taking the release's own driver"
  fi
  say 'installing the software Vulkan driver (mesa-vulkan-drivers)'
  apt_get install --no-install-recommends mesa-vulkan-drivers
}

install_missing() {
  if ! command -v apt-get >/dev/null; then
    fail "this system has no apt; install with its own tools: ${wanted[*]}$( ((needDriver)) && echo ' and a Vulkan driver') (Debian's names), then run this again"
  fi
  if ((EUID != 0)); then
    command -v sudo >/dev/null || fail "missing: ${wanted[*]}$( ((needDriver)) && echo ' mesa-vulkan-drivers'); run this as root, or install sudo"
    asRoot=(sudo --preserve-env=DEBIAN_FRONTEND)
  fi
  say 'updating the package lists'
  apt_get update || say 'some package lists could not be updated; going on with what is there'
  if [[ " ${wanted[*]} " == *' dotnet-sdk-10.0 '* ]] && ! apt-cache show dotnet-sdk-10.0 >/dev/null 2>&1; then
    fail "the .NET 10 SDK is missing and this system's archive does not have it: install it as Microsoft's .NET download page says, so that 'dotnet' is on the PATH, then run this again"
  fi
  # Debian 13 and Ubuntu 24.04 renamed it.
  if [[ -z "$(apt-cache madison libssl3 2>/dev/null)" ]]; then
    local i
    for i in "${!wanted[@]}"; do [[ "${wanted[i]}" != libssl3 ]] || wanted[i]=libssl3t64; done
  fi
  if ((${#wanted[@]})); then
    say "installing ${wanted[*]}"
    apt_get install --no-install-recommends "${wanted[@]}" || fail "apt could not install ${wanted[*]}"
  fi
  if ((needDriver)); then
    install_driver || fail 'apt could not install a Vulkan driver (mesa-vulkan-drivers)'
  fi
}

find_missing
if ((${#wanted[@]} || needDriver)); then
  say "missing here: ${wanted[*]:-}$( ((needDriver)) && echo ' a Vulkan driver')"
  install_missing
  find_missing
  ((${#wanted[@]} == 0 && needDriver == 0)) || fail "still missing after the installation: ${wanted[*]:-}$( ((needDriver)) && echo ' a Vulkan driver')"
else
  say 'the machine has all that is needed'
fi

# --- Building ----------------------------------------------------------------------------------
build_solution() {
  say 'restoring VkInception.sln'
  dotnet restore "$root/VkInception.sln" --locked-mode -v quiet || fail 'dotnet restore failed; its message is above'
  say 'building VkInception.sln (Release)'
  dotnet build "$root/VkInception.sln" -c Release --no-restore -v quiet --nologo -clp:NoSummary "${buildOptions[@]}" ||
    fail 'dotnet build failed; its message is above'
}

# The program starts faster compiled ahead of time. The compiler for that is a package of its own: without it, it starts slower.
publish_program() {
  local options=(-c Release --use-current-runtime --self-contained false -o "$root/artifacts/cli" -v quiet --nologo "${buildOptions[@]}")
  say 'building the command line (Release)'
  # The stamp carries the time before the build, so that an edit made meanwhile is seen by the launcher.
  mkdir -p "$root/artifacts"
  touch "$root/artifacts/build-started"
  if ! dotnet publish "$root/tools/VkInception.Cli" "${options[@]}" -p:PublishReadyToRun=true; then
    say 'that failed: once more, without compiling ahead of time'
    dotnet publish "$root/tools/VkInception.Cli" "${options[@]}" || fail 'dotnet publish failed; its message is above'
  fi
  mv "$root/artifacts/build-started" "$root/artifacts/sources.stamp"
  touch "$root/artifacts/folders.stamp"
}

if ((buildSolution || buildProgram)); then
  # .NET stops on a machine without ICU unless it is told that none is needed.
  has_library libicuuc.so || export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1
  # No build server stays behind: it would hold this script's standard error open, and whoever reads that would wait.
  export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0
  buildOptions=(-p:UseSharedCompilation=false)
  ((!withTests)) || buildOptions+=(-p:RequireSpirvVal=true)
  command -v glslc >/dev/null || export PATH="$PATH:$VULKAN_SDK/bin"
  if ((buildSolution)); then build_solution; fi
  if ((buildProgram)); then publish_program; fi
  say 'done'
fi
