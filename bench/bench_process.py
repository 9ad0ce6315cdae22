"""Programs that others wrote, and our own: started, waited for, measured and stopped, each by its number."""
import contextlib
import os
import pathlib
import resource
import socket
import subprocess
import time

PATIENCE_S = 20
TICKS_PER_S = os.sysconf("SC_CLK_TCK")


class Failure(Exception):
    """Something could not be run, or ran otherwise than it was meant to."""


def output_of(*command, good=(0,), **options):
    words = [str(word) for word in command]
    done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True, **options)
    if done.returncode not in good:
        raise Failure(f"{' '.join(words)}\nexit status {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def on_core(index):
    """The index-th core allowed, as the programs of this folder count them; on one core all share it."""
    cores = sorted(os.sched_getaffinity(0))
    return {cores[min(index, len(cores) - 1)]}


def descriptors(limit):
    return lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(what, is_true, process, patience_s=PATIENCE_S):
    end = time.monotonic() + patience_s
    while not is_true():
        if process.poll() is not None:
            raise Failure(f"{what}: ended with status {process.returncode} before it was ready")
        if time.monotonic() > end:
            raise Failure(f"{what}: not ready after {patience_s} s")
        time.sleep(0.01)


def answers(address, port):
    with contextlib.suppress(OSError), socket.create_connection((address, port), timeout=1):
        return True
    return False


@contextlib.contextmanager
def running(folder, name, *command, core=None, prepare=None, **options):
    """A program that lives as long as the block does; what it says on standard error is kept for its failure."""
    def begin():
        if core is not None:
            os.sched_setaffinity(0, on_core(core))
        if prepare is not None:
            prepare()
    log = folder / f"{name}.err"
    with log.open("ab") as errors:
        process = subprocess.Popen([str(word) for word in command], stderr=errors, preexec_fn=begin,
                                   **{"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL} | options)
    try:
        yield process
    except Failure as failure:
        raise Failure(f"{failure}\n{name} said: {log.read_text(errors='replace')[-2000:]}") from failure
    finally:
        if process.poll() is None:
            process.terminate()
        try:
            process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def cpu_of_child(*command, core=None, timeout=None, environment=None):
    """What it wrote, and the seconds of CPU, user and system, that it took until its end."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    said = output_of(*command, timeout=timeout, env=environment,
                     preexec_fn=None if core is None else lambda: os.sched_setaffinity(0, on_core(core)))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return said, after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def cpu_of(pid):
    """Seconds of CPU, user and system, of a process that goes on."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS_PER_S


def children_of(pid):
    found = []
    for entry in pathlib.Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if int(entry.read_text().rpartition(")")[2].split()[1]) == pid:
                found.append(int(entry.parent.name))
    return found


def rss_kib(pid):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    raise Failure(f"process {pid} has no memory")
