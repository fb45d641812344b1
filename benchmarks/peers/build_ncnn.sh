#!/usr/bin/env bash
# Builds ncnn, only the layers that GoogLeNet needs, and the subject of run.py beside it: build_ncnn.sh SOURCE BUILD
# SOURCE is a checkout of Tencent/ncnn with its submodule glslang. Needs g++, cmake and the Vulkan headers (libvulkan-dev).
set -euo pipefail
source="$(realpath "$1")" build="$2" here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
[[ -f "$source/glslang/CMakeLists.txt" ]] || { echo "$source/glslang is empty: the submodule is missing" >&2; exit 1; }
mkdir -p "$build"
needed=' Input Convolution ReLU Pooling LRN Split Concat InnerProduct Dropout Softmax Packing Cast Padding Crop Flatten Reshape Permute Noop MemoryData BinaryOp Clip Sigmoid Interp Slice Quantize Dequantize Requantize '
options=(-DCMAKE_BUILD_TYPE=Release -DNCNN_VULKAN=ON -DNCNN_INSTALL_SDK=OFF -DNCNN_BUILD_EXAMPLES=OFF -DNCNN_BUILD_TOOLS=OFF -DNCNN_BUILD_TESTS=OFF
  -DNCNN_BUILD_BENCHMARK=OFF -DNCNN_PYTHON=OFF -DNCNN_RUNTIME_CPU=OFF -DNCNN_INT8=OFF -DNCNN_BF16=OFF)
for layer in $(grep -oE '^ncnn_add_layer\((\w+)' "$source/src/CMakeLists.txt" | sed 's/.*(//'); do
  [[ "$needed" == *" $layer "* ]] || options+=("-DWITH_LAYER_${layer,,}=OFF")
done
if command -v ninja >/dev/null; then options+=(-G Ninja); fi
cmake -S "$source" -B "$build" "${options[@]}" >/dev/null
cmake --build "$build" --target ncnn -j "$(nproc)" >/dev/null
libraries=("$build/src/libncnn.a" $(find "$build/glslang" -name 'libSPIRV.a' -o -name 'libglslang.a' | sort) $(find "$build/glslang" -name 'libMachineIndependent.a' -o -name 'libGenericCodeGen.a' -o -name 'libOSDependent.a'))
g++ -O2 -std=c++17 -fopenmp -I "$source/src" -I "$build/src" "$here/subject_ncnn.cpp" -o "$build/subject_ncnn" -Wl,--start-group "${libraries[@]}" -Wl,--end-group -ldl -lpthread
