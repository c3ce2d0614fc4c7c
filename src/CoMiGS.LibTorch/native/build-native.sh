#!/usr/bin/env bash
# Compiles the shim: build-native.sh SOURCE OUTPUT. Uses the libtorch that LIBTORCH names (an unpacked release, or the torch folder
# of a PyTorch wheel), else the distribution's libtorch-dev.
set -euo pipefail
source_file=$1 output=$2
compiler=${CXX:-c++}
flags=(-std=c++17 -O2 -fPIC -shared -fvisibility=hidden)
libraries=(-ltorch -ltorch_cpu -lc10 -ldl)

fail() { echo "ERROR: $1 Needed are a C++ compiler and libtorch: run ./build.sh setup, or apt-get install libtorch-dev g++ libopenblas0-pthread, or let LIBTORCH name an unpacked libtorch." >&2; exit 1; }

command -v "$compiler" > /dev/null || fail "No C++ compiler ('$compiler') was found."
if [ -n "${LIBTORCH:-}" ]; then
  [ -f "$LIBTORCH/include/ATen/ATen.h" ] || fail "LIBTORCH is '$LIBTORCH', but there is no include/ATen/ATen.h in it."
  flags+=("-I$LIBTORCH/include" "-I$LIBTORCH/include/torch/csrc/api/include" "-L$LIBTORCH/lib" "-Wl,-rpath,$LIBTORCH/lib")
  grep -qs 202002L "$LIBTORCH/include/torch/csrc/api/include/torch/all.h" && flags[0]=-std=c++20
  # PyTorch's wheels before 2.6 use the old string layout of libstdc++: ask c10 itself which one it was built with.
  if nm -DC "$LIBTORCH/lib/libc10.so" | grep -q 'c10::Error::Error(.*std::__cxx11::basic_string'; then abi=1; else abi=0; fi
  flags+=("-D_GLIBCXX_USE_CXX11_ABI=$abi")
  # Nothing in the shim names a CUDA symbol, so the linker must be told to keep the libraries that register the CUDA kernels.
  [ -f "$LIBTORCH/lib/libtorch_cuda.so" ] && libraries=(-Wl,--no-as-needed -ltorch_cuda -lc10_cuda "${libraries[@]}")
else
  [ -f /usr/include/ATen/ATen.h ] || fail "The headers of libtorch were not found in /usr/include."
  flags+=(-I/usr/include/torch/csrc/api/include)
fi
mkdir -p "$(dirname "$output")"
"$compiler" "${flags[@]}" -o "$output.new" "$source_file" "${libraries[@]}"
mv "$output.new" "$output"
