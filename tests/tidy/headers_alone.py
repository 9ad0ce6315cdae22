#!/usr/bin/env python3
"""Compiles every header of a folder by itself, twice included, with the doors its room may see.

usage: headers_alone.py FOLDER DOOR... -- COMPILER...
"""
import pathlib
import subprocess
import sys

FLAGS = ["-std=gnu11", "-D_GNU_SOURCE", "-Wall", "-Wextra", "-Wpedantic", "-Wmissing-prototypes", "-Wshadow",
         "-Wconversion", "-Wstrict-prototypes", "-Werror", "-fsyntax-only", "-x", "c", "-"]


def main():
    split = sys.argv.index("--")
    folder, *doors = sys.argv[1:split]
    compiler = sys.argv[split + 1:]
    includes = [f"-I{path}" for path in [folder, *doors]]
    failed = 0
    for header in sorted(pathlib.Path(folder).glob("*.h")):
        text = f'#include "{header.name}"\n#include "{header.name}"\n'
        result = subprocess.run(compiler + includes + FLAGS, input=text, text=True, stderr=subprocess.PIPE)
        if result.returncode != 0:
            failed = 1
            print(f"{header}: does not compile by itself\n{result.stderr}", end="")
    return failed


if __name__ == "__main__":
    sys.exit(main())
