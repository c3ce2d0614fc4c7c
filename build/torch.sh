# shellcheck shell=bash
# Sourced by build.sh: which torch engine this machine uses, and what that engine needs.
#   package  TorchSharp and its native packages, where the package feed has them
#   system   src/CoMiGS.LibTorch over a libtorch of the machine: the distribution's, or the one that LIBTORCH names
# The decision is remembered in torch.local.props, which Directory.Build.props imports.

torch_props=torch.local.props

remembered() { sed -n "s|.*<$1>\(.*\)</$1>.*|\1|p" "$torch_props" 2> /dev/null || true; }

torch_engine() { remembered Torch; }

remember() {
  {
    echo "<Project>"
    echo "  <!-- Written by build.sh setup for this machine; delete it to decide anew. -->"
    echo "  <PropertyGroup>"
    echo "    <Torch>$1</Torch>"
    if [ -n "${LIBTORCH:-}" ]; then echo "    <LIBTORCH>$LIBTORCH</LIBTORCH>"; fi
    echo "  </PropertyGroup>"
    echo "</Project>"
  } > "$torch_props.new"
  # An unchanged file keeps its time, so that nothing is built again.
  if cmp -s "$torch_props.new" "$torch_props"; then rm "$torch_props.new"; else mv "$torch_props.new" "$torch_props"; fi
}

setup_torch() {
  local engine="${COMIGS_TORCH:-}"
  if [ -n "${LIBTORCH:-}" ]; then
    LIBTORCH=$(cd "$LIBTORCH" 2> /dev/null && pwd) || fail "LIBTORCH names a folder that does not exist."
    engine=${engine:-system}
  fi
  engine=${engine:-$(torch_engine)}
  engine=${engine:-$(decide_torch)}
  case "$engine" in
    package) LIBTORCH="" remember package ;;
    system)
      LIBTORCH=${LIBTORCH:-$(remembered LIBTORCH)}
      check_libtorch_folder
      install_system_torch
      remember system
      ;;
    *) fail "The torch engine is '$engine'; it can be 'package' or 'system'." "Set COMIGS_TORCH to one of them, or delete $torch_props." ;;
  esac
}

decide_torch() {
  echo "== Looking for TorchSharp in the package feed" >&2
  if [ "$(uname -s)-$(uname -m)" = Linux-aarch64 ]; then
    echo "== TorchSharp has no native packages for Linux on arm64: using the machine's libtorch" >&2
    echo system
  elif feed_has_torch; then
    echo "== The package feed has TorchSharp: using it" >&2
    echo package
  else
    echo "== The package feed does not have it: using the machine's libtorch" >&2
    echo system
  fi
}

# Restores a throw-away project: that a feed lists a package says nothing about its dependencies.
feed_has_torch() {
  local probe=artifacts/probe-$$ package seconds found=0
  for package in TorchSharp:90 TorchSharp-cpu:1200; do  # The second is large: it is asked for only where the first is there.
    seconds=${package#*:}
    rm -rf "$probe" && mkdir -p "$probe"
    cat > "$probe/Probe.csproj" <<PROJECT
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <ImportDirectoryBuildTargets>false</ImportDirectoryBuildTargets>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="${package%:*}" />
  </ItemGroup>
</Project>
PROJECT
    timeout "$seconds" dotnet restore "$probe/Probe.csproj" -p:Torch=package -v quiet > "$probe/restore.log" 2>&1 || found=$?
    if [ "$found" -eq 124 ]; then echo "warning: the package feed did not answer within $seconds seconds." >&2; fi
    if grep -q NU1301 "$probe/restore.log"; then
      echo "warning: a package source cannot be reached: $(grep -m1 -o 'NU1301.*' "$probe/restore.log")" >&2
    fi
    [ "$found" -eq 0 ] || break
  done
  if [ "$found" -eq 0 ]; then torch_loads "$probe/obj/project.assets.json" || found=$?; fi
  rm -rf "$probe"
  [ "$found" -eq 0 ]
}

# A package that restores may still be built against a newer C++ runtime than the machine has.
torch_loads() {
  command -v ldd > /dev/null || return 0
  local version library missing
  version=$(sed -n 's|.*"TorchSharp/\([^"]*\)": {.*|\1|p' "$1" | head -n 1)
  library=${NUGET_PACKAGES:-$HOME/.nuget/packages}/torchsharp/$version/runtimes/linux-x64/native/libLibTorchSharp.so
  [ -f "$library" ] || return 0
  missing=$(ldd "$library" 2>&1 | grep -o -m1 "version .* not found" || true)
  [ -z "$missing" ] || {
    echo "warning: TorchSharp $version does not load on this machine: $missing." >&2
    return 1
  }
}

check_libtorch_folder() {
  [ -n "$LIBTORCH" ] || return 0
  if [ ! -f "$LIBTORCH/include/ATen/ATen.h" ]; then
    fail "LIBTORCH is '$LIBTORCH', but there is no include/ATen/ATen.h in it." \
      "Name the folder of an unpacked libtorch release, or the 'torch' folder of an installed PyTorch."
  fi
}

install_system_torch() {
  local wanted=() missing=() package
  if [ -z "$LIBTORCH" ]; then wanted+=(libtorch-dev libopenblas0-pthread); fi
  if ! command -v "${CXX:-c++}" > /dev/null; then wanted+=(g++); fi
  for package in ${wanted[@]+"${wanted[@]}"}; do
    if ! installed "$package"; then missing+=("$package"); fi
  done
  if [ ${#missing[@]} -gt 0 ]; then apt_install "${missing[@]}"; fi
  if [ -z "$LIBTORCH" ]; then prefer_openblas; fi
}

installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2> /dev/null)" = installed ]; }

apt_install() {
  command -v apt-get > /dev/null || fail "This machine needs $*, and has no apt-get to install it." \
    "Unpack a libtorch release, set LIBTORCH to its folder, install g++, and run this again;" \
    "or, where TorchSharp's packages restore, set COMIGS_TORCH=package."
  say "Installing $* (about a minute)"
  apt_get "$@" || fail "apt-get could not install $*." "See its words above: is there a network, and does this release have libtorch-dev?" \
    "Otherwise unpack a libtorch release and set LIBTORCH to its folder."
}

# With the reference BLAS a float32 product takes thirty times as long.
prefer_openblas() {
  local name current wanted
  while read -r name _ current; do
    case "$name" in libblas.so.3-* | liblapack.so.3-*) ;; *) continue ;; esac
    if [[ "$current" == */openblas-pthread/* ]]; then continue; fi
    wanted=$(update-alternatives --list "$name" | grep -m1 /openblas-pthread/) || continue
    say "Choosing OpenBLAS as ${name%%.*}"
    as_root update-alternatives --set "$name" "$wanted" > /dev/null
  done < <(update-alternatives --get-selections)
}

# OpenBLAS chooses its kernels by processor model, and gives a model that is newer than itself generic ones, many times slower: it is told what the processor's instructions ask for.
tune_blas() {
  if [ "$(torch_engine)" != system ]; then return 0; fi
  local kernels
  kernels=$(blas_kernels)
  [ -n "$kernels" ] || return 0
  case "${OPENBLAS_CORETYPE:-}" in
    "") export OPENBLAS_CORETYPE=$kernels ;;
    # The environment's own choice stands, but not in silence: AVX2 kernels compute half as fast as AVX-512's.
    Haswell | Zen) if [ "$kernels" = SkylakeX ]; then
      say "OPENBLAS_CORETYPE is $OPENBLAS_CORETYPE in this environment; without it, float32 products would be about twice as fast here"
    fi ;;
  esac
}

# SkylakeX is OpenBLAS's plain AVX-512 set, Haswell its AVX2 set: right for every processor with these flags, and as fast as its own choice where it knows the model. Nothing for others.
blas_kernels() {
  if [ "$(uname -m)" != x86_64 ]; then return 0; fi
  if processor_has avx512f avx512cd avx512bw avx512dq avx512vl; then echo SkylakeX
  elif processor_has avx2 fma; then echo Haswell
  fi
}

processor_has() {
  local flag
  for flag in "$@"; do
    grep -q -m1 -w "$flag" /proc/cpuinfo || return 1
  done
}
