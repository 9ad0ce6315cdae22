#!/usr/bin/env python3
"""Every check of tidy.py complains about a bad tree, at the right place, and about nothing in a good one."""
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import tidy  # noqa: E402

TABLE = "rooms = [\n  ['base', [], []],\n  ['tls', ['base'], []],\n]\n"
LONG_BODY = "    x++;\n"
GOOD = {
    "engine/meson.build": TABLE,
    "engine/base/base_a.c": '#include "base_a.h"\n\nint base_a(void) {\n    return 1; /* printf("no") ../ */\n}\n',
    "include/base/base_a.h": "int base_a(void);\n",
    "engine/tls/tls_a.c": "#include <stdio.h>\n#include <wolfssl/ssl.h>\n",
}


class TidyTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.source = pathlib.Path(folder.name) / "source"
        self.build = pathlib.Path(folder.name) / "build"
        # Formatted as the project is.
        style = pathlib.Path(__file__).parents[2] / ".clang-format"
        self.write({**GOOD, ".clang-format": style.read_text()})
        self.build.mkdir()

    def write(self, files):
        for name, text in files.items():
            path = self.source / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)

    def compile_listing(self, *names):
        entries = [f'{{"directory": "{self.build}", "file": "../source/{name}", "command": ""}}' for name in names]
        (self.build / "compile_commands.json").write_text("[" + ",".join(entries) + "]")

    def archive(self, room, code):
        """The static library of a room, as the build leaves it."""
        folder = self.build / "engine"
        folder.mkdir(exist_ok=True)
        (folder / "a.c").write_text(code)
        subprocess.run([os.environ.get("CC", "cc"), "-c", "a.c", "-o", f"{room}.o"], cwd=folder, check=True)
        subprocess.run(["ar", "rcsT", f"libekuload-{room}.a", f"{room}.o"], cwd=folder, check=True)

    def found(self, check):
        return tidy.complaints(check, self.source, self.build)

    def assert_found(self, check, *beginnings):
        found = self.found(check)
        self.assertEqual(len(found), len(beginnings), found)
        for line, beginning in zip(found, beginnings):
            self.assertTrue(line.startswith(beginning), f"{line!r} should begin with {beginning!r}")

    def test_good_tree_has_no_complaint(self):
        self.compile_listing("engine/base/base_a.c", "engine/tls/tls_a.c")
        self.archive("base", "int base_a(void) { return 1; }\n")
        for check in tidy.CHECKS:
            with self.subTest(check):
                self.assertEqual(self.found(check), [])

    def test_foreign_headers_outside_their_room(self):
        self.write({"engine/base/base_b.c": "\n# include <wolfssl/ssl.h>\n", "include/tls/tls_b.h": "#include <liburing.h>\n",
                    "tests/unit/tls/t.c": '#include "wolfssl/ssl.h"\n', "certs/certs_a.c": "#include <wolfssl/ssl.h>\n"})
        self.assert_found("foreign", "engine/base/base_b.c:2:", "include/tls/tls_b.h:1:", "tests/unit/tls/t.c:1:")

    def test_way_to_a_header(self):
        self.write({"engine/base/base_b.c": '#include "../tls/tls_a.h"\n'})
        self.assert_found("parent", "engine/base/base_b.c:1:")

    def test_long_function(self):
        long = "#define OPEN \\\n    {\n\nint base_b(int x) {\n" + LONG_BODY * 69 + "}\n"
        fits = "int base_c(int x) {\n" + LONG_BODY * 68 + "}\n"
        forked = "#ifdef A\nint base_d(int x) {\n#else\nint base_d(void) {\n#endif\n" + LONG_BODY * 5 + "}\n"
        table = "static int t[] = {\n" + "    1,\n" * 80 + "};\n"
        self.write({"engine/base/base_b.c": forked + table + long + fits, "tests/unit/t.c": long})
        self.assert_found("functions", "engine/base/base_b.c:97:")

    def test_long_file(self):
        self.write({"tests/unit/t.c": "\n" * 601, "engine/base/base_b.c": "\n" * 600})
        self.assert_found("files", "tests/unit/t.c:601:")

    def test_dead_files(self):
        self.compile_listing("engine/tls/tls_a.c", "engine/base/base_a.c")
        self.write({"engine/base/base_b.c": "", "include/base/base_b.h": "", "tests/fuzz/fuzz_a.c": "",
                    "bench/floor.c": "", "bench/meson.build": "executable('floor', 'floor.c')\n"})
        self.assert_found("dead", "engine/base/base_b.c:1:", "tests/fuzz/fuzz_a.c:1:", "include/base/base_b.h:1:")

    def test_symbol_without_its_room(self):
        self.archive("base", "int base_a(void) { return 1; }\nint helper(void) { return 1; }\nint tls_count;\n")
        found = self.found("symbols")
        self.assertEqual([line.split(": ")[1].split()[0] for line in found], ["helper", "tls_count"])

    def test_printing_below_cli_and_report(self):
        self.write({"engine/base/base_b.c": 'a\nprintf("x");\n', "engine/tls/tls_a.c": 'fprintf(\n    stderr, "x");\n',
                    "certs/certs_a.c": "perror(0);\n", "include/tls/tls_b.h": "puts(0);\n",
                    "engine/cli/cli.c": "puts(0);\n", "engine/report/report.c": "fputs(0, stdout);\n",
                    "engine/base/base_c.c": 'snprintf(b, 1, "");\nfprintf(file, "x");\nfputs("stdout", file);\n'})
        self.assert_found("printing", "certs/certs_a.c:1:", "engine/base/base_b.c:2:", "engine/tls/tls_a.c:1:",
                          "include/tls/tls_b.h:1:")

    def test_format(self):
        self.write({"engine/base/base_b.c": "int base_b;\n\nint  base_c;\n"})
        self.assert_found("format", "engine/base/base_b.c:3:")

    def test_arrow_that_the_table_lacks(self):
        self.write({"include/tls/tls_a.h": "", "engine/tls/tls_b.c": '#include "base_a.h"\n#include "tls_a.h"\n',
                    "engine/base/base_b.c": '\n#include "tls_a.h"\n', "include/base/base_b.h": '#include "tls_a.h"\n'})
        self.assert_found("arrows", "engine/base/base_b.c:2:", "include/base/base_b.h:1:")

    def test_room_that_the_table_lacks(self):
        self.write({"engine/attic/attic.c": "", "include/cellar/cellar.h": ""})
        self.assert_found("rooms", "engine/attic:1:", "include/cellar:1:")

    def test_ignored_files_are_left_alone(self):
        subprocess.run(["git", "init", "-q", str(self.source)], check=True)
        self.write({".gitignore": "/out/\n", "out/a.c": '#include "../a.h"\n', "new.c": '#include "../a.h"\n'})
        self.assert_found("parent", "new.c:1:")


if __name__ == "__main__":
    unittest.main()
