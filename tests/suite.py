#!/usr/bin/env python3
"""Runs every test of a built tree and counts: a line per group, failures in full, the sums last.

Each Criterion test counts, each other check counts one. Environment: FUZZ_SECONDS (6) per fuzz target.
"""
import concurrent.futures
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

TOP = pathlib.Path(__file__).resolve().parents[1]
BUILD = TOP / "build"
SHOWN_LINES = 1000
FUZZ_SECONDS = int(os.environ.get("FUZZ_SECONDS", "6"))
# Programs that drive ekuload wait for it more than they compute.
WAITING_PROGRAMS = 2

SYNTHESIS = re.compile(r"Synthesis: Tested: (\d+) \| Passing: (\d+) \| Failing: (\d+) \| Crashing: (\d+)")
# What a passing test says about itself, left out when a failing program's output is shown.
CHATTER = re.compile(r"^\[(?:RUN |PASS|====)\].*\n|^\[----\] Criterion v.*\n", re.MULTILINE)
# Criterion calls a test that leaks passed: the leak is found after it has reported.
SANITIZER = re.compile(r"ERROR: (?:Address|Leak)Sanitizer|runtime error:|WARNING: ThreadSanitizer")


class Count:
    def __init__(self, passed=0, failed=0, skipped=0):
        self.passed, self.failed, self.skipped = passed, failed, skipped

    def __iadd__(self, other):
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped
        return self

    def __str__(self):
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


def say(text):
    print(text, flush=True)


def show(title, output):
    say(f"--- {title}")
    lines = CHATTER.sub("", output).rstrip().splitlines()
    say("\n".join(lines[:SHOWN_LINES]))
    if len(lines) > SHOWN_LINES:
        say(f"... and {len(lines) - SHOWN_LINES} lines more; the program by itself shows them all")


def run(command, **options):
    """Output and exit status; a command that outlives its limit has status None."""
    try:
        done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              stdin=subprocess.DEVNULL, text=True, errors="replace", cwd=TOP, **options)
        return done.stdout, done.returncode
    except subprocess.TimeoutExpired as late:
        return (late.stdout or b"").decode(errors="replace") + "\nstopped: it took too long\n", None


def count_criterion(output, good):
    """What a Criterion program counted; one failure more when it died beside its tests."""
    match = SYNTHESIS.search(output)
    if match is None:
        return Count(failed=1)
    tested, passing, _failing, _crashing = (int(group) for group in match.groups())
    count = Count(passing, tested - passing, len(re.findall(r"^\[SKIP\]", output, re.MULTILINE)))
    if not good and count.failed == 0:
        count.failed = 1
    return count


def count_entry(entry):
    """One line of meson's testlog.json."""
    output = entry.get("stdout", "") + entry.get("stderr", "")
    good = entry["result"] == "OK" and not SANITIZER.search(output)
    suite = entry["name"].partition(":")[2].partition(" / ")[0]
    if entry["result"] == "SKIP":
        count = Count(skipped=1)
    elif suite in ("unit", "integration"):
        count = count_criterion(output, good)
    else:
        count = Count(passed=1) if good else Count(failed=1)
    if not good and entry["result"] != "SKIP":
        show(f"{entry['name']}: {entry['result']} (exit status {entry.get('returncode')})", output)
    return suite, count


def build(folder, targets, options, env=None):
    """The words of what failed, or nothing. Without targets the folder is only made ready."""
    environment = {**os.environ, **(env or {})}
    commands = [[TOP / "tools" / "configure", folder, *options]]
    if targets:
        commands.append(["ninja", "-C", folder, "--quiet", *targets])
    for command in commands:
        output, status = run(command, env=environment)
        if status != 0:
            return output
    return None


def meson_tests(folder, base, *options):
    """Runs meson's tests, after building the chosen ones; a count per suite."""
    log = folder / "meson-logs" / f"{base}.json"
    log.unlink(missing_ok=True)
    output, _status = run(["meson", "test", "-C", folder, "--logbase", base, *options])
    if not log.exists():
        show("meson test", output)
        return {"meson": Count(failed=1)}
    counts = {}
    for line in log.read_text().splitlines():
        suite, count = count_entry(json.loads(line))
        counts.setdefault(suite, Count())
        counts[suite] += count
    return counts


def normal_build():
    counts = meson_tests(BUILD, "suite", "--num-processes", str((os.cpu_count() or 1) + WAITING_PROGRAMS))
    if "unit" not in counts:
        show("unit", "no unit test was built: is Criterion installed?")
        counts["unit"] = Count(failed=1)
    yield from counts.items()


def sanitized_units():
    folder = TOP / "build-asan"
    broken = build(folder, [], ["-Db_sanitize=address,undefined", "-Dwerror=false", "-Doptimization=1"])
    if broken is not None:
        show("the ASan and UBSan build", broken)
        yield "unit with ASan and UBSan", Count(failed=1)
        return
    for suite, count in meson_tests(folder, "suite", "--suite", "unit", "--timeout-multiplier", "3").items():
        yield f"{suite} with ASan and UBSan", count


def fuzz_one(program, folder):
    """A short walk from the seeds; what it finds stays in the build folder."""
    name = program.name.removeprefix("fuzz_")
    found = folder / "found" / name
    found.mkdir(parents=True, exist_ok=True)
    seeds = TOP / "tests" / "fuzz" / "corpus" / name
    output, status = run([program, f"-max_total_time={FUZZ_SECONDS}", "-timeout=5", "-verbosity=0",
                          f"-artifact_prefix={found}-", found, *([seeds] if seeds.is_dir() else [])],
                         timeout=FUZZ_SECONDS + 60)
    return program.name, output, status


def fuzz_targets():
    folder = TOP / "build-fuzz"
    if not list((TOP / "tests" / "fuzz").glob("fuzz_*.c")):
        return
    broken = build(folder, ["fuzz"], ["-Dfuzz=true", "-Db_sanitize=address,undefined", "-Db_lundef=false",
                                      "-Dwerror=false"], {"CC": "clang"})
    if broken is not None:
        show("the fuzz build", broken)
        yield "fuzz targets", Count(failed=1)
        return
    total = Count()
    programs = sorted(path for path in (folder / "tests" / "fuzz").glob("fuzz_*") if path.is_file())
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for name, output, status in pool.map(lambda program: fuzz_one(program, folder), programs):
            total += Count(passed=1) if status == 0 else Count(failed=1)
            if status != 0:
                show(f"{name}: exit status {status}", output)
    yield f"fuzz targets, {FUZZ_SECONDS} s each", total


def thread_sanitizer():
    # Criterion aborts under TSan, so ekuload itself runs, with two workers.
    runs = [["run", "null", "--threads", "2", "--duration", "3s"], ["run", "condition-2-test-case-1", "--threads", "2"]]
    title = "ekuload with TSan"
    if not (BUILD / "ekuload").exists():
        yield title, Count(skipped=len(runs))
        return
    folder = TOP / "build-tsan"
    broken = build(folder, ["ekuload"], ["-Db_sanitize=thread", "-Dwerror=false"])
    if broken is not None:
        show("the TSan build", broken)
        yield title, Count(failed=1)
        return
    total = Count()
    for number, words in enumerate(runs):
        out = folder / f"result-{number}"
        shutil.rmtree(out, ignore_errors=True)
        # setarch: the sanitizer's shadow memory has no room for the kernel's widest address randomization.
        output, status = run(["setarch", "-R", folder / "ekuload", *words, "--out", out], timeout=120,
                             env={**os.environ, "TSAN_OPTIONS": "halt_on_error=0 exitcode=66"})
        # A verdict may be missed for slowness alone: status 1.
        good = status in (0, 1) and not SANITIZER.search(output)
        total += Count(passed=1) if good else Count(failed=1)
        if not good:
            show(f"ekuload {' '.join(words)} with TSan: exit status {status}", output)
    yield title, total


def main():
    total = Count()
    for group in (normal_build, sanitized_units, fuzz_targets, thread_sanitizer):
        for name, count in group():
            say(f"{name}: {count}")
            total += count
    say(str(total))
    return 1 if total.failed else 0


if __name__ == "__main__":
    sys.exit(main())
