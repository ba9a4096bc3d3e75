# SPDX-License-Identifier: MIT
# cmake -DIN=file -DOUT=file.h -DNAME=symbol -P embed.cmake: a file's bytes as a C array with NUL.
file(READ ${IN} hex HEX)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
file(WRITE ${OUT} "static const char ${NAME}[] = {${bytes}0};\n")
