# SPDX-License-Identifier: MIT
set(CMAKE_C_COMPILER clang CACHE STRING "") # libFuzzer comes with it
set(CMAKE_BUILD_TYPE Debug CACHE STRING "")
set(CMAKE_C_FLAGS "-fsanitize=fuzzer-no-link" CACHE STRING "")
set(CMAKE_C_FLAGS_DEBUG "-O1 -g" CACHE STRING "")
set(DS_SANITIZE ON CACHE BOOL "")
set(DS_FUZZ ON CACHE BOOL "")
