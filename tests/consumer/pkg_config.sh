#!/bin/sh
# The shortest outsider: one compiler call with what pkg-config says.
set -eu
# shellcheck disable=SC2046,SC2086 # flags are words
$CXX -std=c++20 $CXXFLAGS "$SOURCE" -o "$PROGRAM" $(pkg-config --cflags --libs mien) \
  -Wl,-rpath,"$(pkg-config --variable=libdir mien)"
"$PROGRAM"
