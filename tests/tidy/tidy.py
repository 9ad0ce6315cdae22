#!/usr/bin/env python3
"""What the build cannot see and a reader should not have to: one check per call.

usage: tidy.py CHECK SOURCE_ROOT BUILD_ROOT

A check yields (file, line, what is wrong); each becomes one line `file:line: text`, and the exit status is 1.
"""
import json
import pathlib
import re
import subprocess
import sys

FUNCTION_LINES = 70
FILE_LINES = 600
# Only these two rooms speak to a person.
PRINTING_ROOMS = {"cli", "report"}
# Written by others.
FOREIGN = "subprojects/"

FOREIGN_DOORS = [
    (re.compile(r'#\s*include\s*[<"]wolfssl/'), ("engine/tls/", "certs/", "bench/"), "wolfSSL"),
    (re.compile(r'#\s*include\s*[<"]liburing'), ("engine/net/", "bench/"), "io_uring"),
]
TO_A_PERSON = re.compile(
    r"\b(v?printf|puts|putchar|perror|psignal)\s*\("
    r"|\b(v?fprintf|fputs|fputc|putc|fwrite)\s*\([^;]*\b(stdout|stderr)\b"
    r"|\bv?dprintf\s*\(\s*(1|2|STDOUT_FILENO|STDERR_FILENO)\b")
TOKENS = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.DOTALL)


class Tree:
    def __init__(self, source, build):
        self.source = pathlib.Path(source)
        self.build = pathlib.Path(build)

    def files(self, *endings):
        """Tracked files and new ones that nobody ignores; in an exported tree, all outside build folders."""
        command = ["git", "-C", str(self.source), "ls-files", "-z", "-co", "--exclude-standard"]
        found = subprocess.run(command, capture_output=True, text=True) if (self.source / ".git").exists() else None
        if found is not None and found.returncode == 0:
            names = found.stdout.split("\0")
        else:
            names = [str(path.relative_to(self.source)) for path in self.source.rglob("*")]
            names = [name for name in names if not name.startswith(("build/", "build-", "."))]
        return sorted(name for name in set(names) if name.endswith(endings) and (self.source / name).is_file()
                      and not name.startswith(FOREIGN))

    def text(self, name):
        return (self.source / name).read_text(errors="replace")

    def code(self, name):
        """The text with comments and the insides of strings blanked; the lines stay where they are."""
        def blank(match):
            found = match.group()
            if found[0] in "\"'":
                return found[0] + " " * (len(found) - 2) + found[0]
            return re.sub(r"[^\n]", " ", found)
        return TOKENS.sub(blank, self.text(name))


def line_of(text, position):
    return text.count("\n", 0, position) + 1


def check_foreign(tree):
    for name in tree.files(".c", ".h"):
        for number, line in enumerate(tree.text(name).splitlines(), 1):
            for pattern, rooms, library in FOREIGN_DOORS:
                if pattern.search(line) and not name.startswith(rooms):
                    yield name, number, f"{library} belongs to {' '.join(rooms)}"


def check_parent(tree):
    for name in tree.files(".c", ".h"):
        for number, line in enumerate(tree.text(name).splitlines(), 1):
            if re.search(r'#\s*include\s*"[^"]*\.\./', line):
                yield name, number, "a header is included by its bare name, not by a way to it"


def functions(code):
    """(first line, last line) of every function body, from its opening to its closing brace."""
    # A preprocessor line, continued ones included, may hold half a brace.
    code = re.sub(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", lambda line: "\n" * line.group().count("\n"), code,
                  flags=re.MULTILINE)
    depth = 0
    start = 0
    for match in re.finditer(r"[{}]", code):
        if match.group() == "{":
            if depth == 0:
                start = match.start()
            depth += 1
        else:
            # Both branches of an #if may open the same brace; one in the first column closes them all.
            depth = 0 if code[match.start() - 1:match.start()] == "\n" else depth - 1
            if depth == 0 and code[:start].rstrip().endswith(")"):
                yield line_of(code, start), line_of(code, match.start())


def check_functions(tree):
    for name in tree.files(".c"):
        if name.startswith(("engine/", "certs/")):
            for first, last in functions(tree.code(name)):
                if last - first + 1 > FUNCTION_LINES:
                    yield name, first, f"a function of {last - first + 1} lines; {FUNCTION_LINES} at most"


def check_files(tree):
    for name in tree.files(".c", ".h"):
        lines = tree.text(name).count("\n")
        if lines > FILE_LINES:
            yield name, lines, f"a file of {lines} lines; {FILE_LINES} at most"


def compiled(tree):
    """The .c files that the build compiles, relative to the source."""
    commands = tree.build / "compile_commands.json"
    if not commands.exists():
        return set()
    paths = [(pathlib.Path(entry["directory"]) / entry["file"]).resolve() for entry in json.loads(commands.read_text())]
    root = tree.source.resolve()
    return {str(path.relative_to(root)) for path in paths if path.is_relative_to(root)}


def check_dead(tree):
    alive = compiled(tree)
    included = set()
    for name in tree.files(".c", ".h"):
        for target in re.findall(r'#\s*include\s*[<"]([^">]+)[">]', tree.text(name)):
            if pathlib.PurePath(target).name != pathlib.PurePath(name).name:
                included.add(pathlib.PurePath(target).name)
    for name in tree.files(".c"):
        # What a plain build leaves out by an option is alive when its folder names it.
        optional = name.startswith(("bench/", "tests/fuzz/"))
        listing = tree.source / pathlib.PurePath(name).parent / "meson.build"
        named = optional and listing.is_file() and pathlib.PurePath(name).name in listing.read_text()
        if name not in alive and not named:
            yield name, 1, "no meson.build compiles this file"
    for name in tree.files(".h"):
        if pathlib.PurePath(name).name not in included:
            yield name, 1, "nobody includes this header"


def check_symbols(tree):
    for library in sorted((tree.build / "engine").glob("libekuload-*.a")):
        room = library.stem.removeprefix("libekuload-")
        listing = subprocess.run(["nm", "-A", "-g", "--defined-only", str(library)], capture_output=True, text=True)
        if listing.returncode != 0:
            yield library.name, 1, listing.stderr.strip()
        for line in listing.stdout.splitlines():
            where, symbol = line.rsplit(":", 1)[0], line.split()[-1]
            if not symbol.startswith(room + "_"):
                member = where.rsplit("/", 1)[-1].split(":")[-1]
                yield f"{library.name}({member})", 1, f"{symbol} is exported without the name of its room, {room}_"


def check_printing(tree):
    for name in tree.files(".c", ".h"):
        parts = pathlib.PurePath(name).parts
        low = parts[0] == "certs" or parts[0] in ("engine", "include") and len(parts) > 2 and \
            parts[1] not in PRINTING_ROOMS
        if low:
            code = tree.code(name)
            for match in TO_A_PERSON.finditer(code):
                yield name, line_of(code, match.start()), "only cli and report print"


def check_format(tree):
    files = tree.files(".c", ".h")
    if not files:
        return
    result = subprocess.run(["clang-format", "--dry-run", "-Werror", *files], cwd=tree.source,
                            stderr=subprocess.PIPE, text=True)
    told = set()
    for name, number, text in re.findall(r"^(.+?):(\d+):\d+: error: (.*)$", result.stderr, re.MULTILINE):
        if name not in told:
            told.add(name)
            yield name, int(number), "not as clang-format writes it (first place)"
    if result.returncode != 0 and not told:
        yield ".clang-format", 1, result.stderr.strip()


def room_table(tree):
    """{room: rooms it lists}, from the one table."""
    rows = re.findall(r"^  \['(\w+)',\s*\[([^\]]*)\]", tree.text("engine/meson.build"), re.MULTILINE)
    return {room: set(re.findall(r"\w+", sees)) for room, sees in rows}


def check_arrows(tree):
    table = room_table(tree)
    doors = {path.name: path.parent.name for path in (tree.source / "include").glob("*/*.h")}
    for name in tree.files(".c", ".h"):
        parts = pathlib.PurePath(name).parts
        room = "certs" if parts[0] == "certs" else parts[1] if parts[0] in ("engine", "include") else None
        for number, line in enumerate(tree.text(name).splitlines(), 1):
            match = re.match(r'\s*#\s*include\s*"([^"]+)"', line)
            behind = doors.get(match.group(1)) if match else None
            if room in table and behind is not None and behind not in table[room] | {room}:
                yield name, number, f"{room} does not list {behind} in engine/meson.build"


def check_rooms(tree):
    table = room_table(tree)
    for parent in ("engine", "include"):
        folders = {path.name for path in (tree.source / parent).iterdir() if path.is_dir() and any(path.iterdir())}
        for room in sorted(folders - set(table)):
            yield f"{parent}/{room}", 1, "a folder that is no row of the table in engine/meson.build"


CHECKS = {name.removeprefix("check_"): check for name, check in globals().items() if name.startswith("check_")}


def complaints(check, source, build):
    return [f"{name}:{line}: {text}" for name, line, text in CHECKS[check](Tree(source, build))]


def main():
    if len(sys.argv) != 4 or sys.argv[1] not in CHECKS:
        sys.exit(f"usage: tidy.py {'|'.join(CHECKS)} SOURCE_ROOT BUILD_ROOT")
    found = complaints(*sys.argv[1:])
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
