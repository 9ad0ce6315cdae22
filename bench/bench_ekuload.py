"""Each call is one run of ekuload, or of a floor beside it, and gives its figures."""
import contextlib
import json
import random
import re
import socket
import time

import bench_peers
from bench_process import Failure, answers, descriptors, output_of, rss_kib, running, wait_until

HELD = "held-options"
HELD_CONNECTIONS = 200
ZONE = "client.load"
LISTENER = "server.sip"
SERVER = "127.0.0.31"
PORT = 15061
DELAY_US = 20000
# With so many connections the memory is that of the pairs, and the time that of opening them.
PAIRS = 10000
PAIRS_LONG = 50000
DESCRIPTORS_LONG = 20000
OPENING_PATIENCE_S = 300


class Suite:
    def __init__(self, name, title, version, cipher):
        self.name, self.title, self.version, self.cipher = name, title, version, cipher
        self.profile = f"churn-{name}"


P256 = Suite("p256-tls13", "P-256, TLS 1.3", "1.3", "TLS_AES_128_GCM_SHA256")
RSA2048 = Suite("rsa2048-tls12", "RSA-2048, TLS 1.2", "1.2", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256")
RSA4096 = Suite("rsa4096-tls12", "RSA-4096, TLS 1.2", "1.2", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256")


def cpu_of_result(result):
    return result["resources"]["cpu_user_s"] + result["resources"]["cpu_system_s"]


def counted(tree):
    """The sum of all counters below: each time one grew by one."""
    skipped = {"latency", "ns", "wanted", "peak_open", "open_at_end", "in_flight_at_end", "mode", "policy"}
    if isinstance(tree, dict):
        return sum(counted(value) for key, value in tree.items() if key not in skipped)
    if isinstance(tree, list):
        return sum(counted(value) for value in tree)
    return tree if isinstance(tree, int) and not isinstance(tree, bool) else 0


def recorded(result):
    """How often something was counted, and how often a duration was recorded, per connection established."""
    zone, listener = result["zones"][ZONE], result["listeners"][LISTENER]
    samples = listener["eku_check"]["ns"]["count"]
    for place in (zone, listener):
        samples += sum(latency["count"] for latency in place["latency"].values())
    return {"counters": (counted(zone) + counted(listener)) / zone["established"],
            "durations": samples / zone["established"]}


def rest_us_of(client):
    """How long a client slept, each of the three times that it waited in a connection; at least 1."""
    return max(1, round((1e6 / client["per_second"] - client["cpu_us"]) / 3))


class Programs:
    def __init__(self, options, folder):
        self.build, self.seconds, self.folder, self.quick = options.build, options.seconds, folder, options.quick
        self.ekuload = options.ekuload or options.build / "ekuload"
        self.connections = 2000 if options.quick else 10000
        self.pairs = 500 if options.quick else PAIRS
        # Connections of earlier runs rest in TIME_WAIT: each run dials from addresses of its own, three to rotate to.
        self.network = random.randrange(64, 128)
        self.runs = 0
        self.suites = [P256, RSA2048] if options.quick else [P256, RSA2048, RSA4096]

    def measures_peers_of(self, suite):
        """A peer takes a second at least, so a quick run has but one suite with them."""
        return not self.quick or suite is P256

    def bench(self, name):
        return self.build / "bench" / name

    def make(self, top, own_ekuload):
        self.top = top
        output_of(top / "tools" / "install-packages", *bench_peers.PACKAGES)
        if not (self.build / "build.ninja").exists():
            output_of(top / "tools" / "configure", self.build)
        output_of("ninja", "-C", self.build, "bench", *([] if own_ekuload else ["ekuload"]))
        for profile in [suite.profile for suite in self.suites] + [HELD]:
            output_of(self.ekuload, "certs", self.profile(profile), "--out", self.pki(profile))

    def profile(self, name):
        return self.top / "bench" / f"{name}.yaml"

    def pki(self, profile):
        return self.folder / "pki" / profile

    def command(self, profile, *more, seconds=None, sets=()):
        """An ekuload that has addresses of its own, and the folder of its result."""
        self.runs += 1
        out = self.folder / f"run-{self.runs}"
        words = [self.ekuload, "run", self.profile(profile), "--pki", self.pki(profile), "--out", out, "--duration",
                 f"{int((seconds or self.seconds) * 1000)}ms", "--socket", self.folder / f"{self.runs}.sock", *more]
        for pair in [f"nodes.client.address=127.{self.network}.{self.runs * 4 % 256}.16", *sets]:
            words += ["--set", pair]
        return words, out

    def run_profile(self, profile, threads, *more, sets=()):
        words, out = self.command(profile, "--threads", threads, *more, sets=sets)
        output_of(*words, timeout=self.seconds + 60)
        return json.loads((out / "result.json").read_text())

    @contextlib.contextmanager
    def started(self, profile, *more, seconds, sets=(), core=None, prepare=None):
        """An ekuload that goes on; yields its process, how to speak to it and how to get its result."""
        words, out = self.command(profile, *more, seconds=seconds, sets=sets)
        path = self.folder / f"{self.runs}.sock"

        def listens():
            # The file stands there a moment before anybody listens.
            with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as control:
                control.connect(str(path))
                return True
            return False

        def say(line):
            with socket.socket(socket.AF_UNIX) as control:
                control.settimeout(10)
                control.connect(str(path))
                control.sendall(line.encode() + b"\n")
                heard = b""
                while piece := control.recv(65536):
                    heard += piece
                return heard.decode()

        def finish():
            say("quit")
            process.wait(60)
            return json.loads((out / "result.json").read_text())

        with running(self.folder, f"ekuload-{self.runs}", *words, core=core, prepare=prepare) as process:
            wait_until("ekuload", listens, process)
            yield process, say, finish

    # What the table is made of.

    def churn(self, suite, threads, sets=()):
        result = self.run_profile(suite.profile, threads, sets=sets)
        zone = self.established_zone(result, suite)
        return {"cpu_us": cpu_of_result(result) * 1e6 / zone["established"],
                "per_second": zone["established"] / result["duration_s"],
                "established": zone["established"], "in_flight_at_end": zone["in_flight_at_end"],
                "cpu_user_s": result["resources"]["cpu_user_s"], "cpu_system_s": result["resources"]["cpu_system_s"],
                "late": zone["late"], "dropped": zone["dropped"],
                "start_delay_p99_us": zone["latency"]["start_delay"]["p99"], "recorded": recorded(result),
                "eku_check_ns": result["listeners"][LISTENER]["eku_check"]["ns"]["p50"], "tool": result.get("tool")}

    @staticmethod
    def established_zone(result, suite):
        zone = result["zones"][ZONE]
        if zone["failed"] or not zone["established"]:
            raise Failure(f"{suite.profile}: {zone['established']} established, faults {zone['faults']}")
        if list(zone["tls_versions"]) != [suite.version] or list(zone["cipher_suites"]) != [suite.cipher]:
            raise Failure(f"{suite.profile}: ran {zone['tls_versions']} with {zone['cipher_suites']}")
        return zone

    def dial(self, suite, port, address="127.0.0.1"):
        """ekuload as the client alone, one GET on each connection."""
        zone = f'{{type: tftp, peer: "{address}:{port}", verify_name: server.example.test}}'
        result = self.run_profile(suite.profile, 1, "--only", "client", sets=[f"nodes.client.zones.load={zone}"])
        established = self.established_zone(result, suite)["established"]
        return {"cpu_us": cpu_of_result(result) * 1e6 / established, "established": established,
                "per_second": established / result["duration_s"],
                "cpu_user_s": result["resources"]["cpu_user_s"], "cpu_system_s": result["resources"]["cpu_system_s"]}

    def against_nginx(self, suite):
        """ekuload, ab and s_time as clients of one nginx; what that takes while ekuload dials is its own figure."""
        with bench_peers.nginx(self.folder, self.pki(suite.profile), suite.version) as nginx:
            clients = bench_peers.Clients(self.folder, self.pki(suite.profile), suite.version)
            before = nginx.cpu()
            ours = self.dial(suite, nginx.port)
            server_us = (nginx.cpu() - before) * 1e6 / ours["established"]
            resting = self.floor(suite, 1, "--rest-us", rest_us_of(ours))
            ab = clients.ab(nginx.port, self.seconds)
            s_time = clients.s_time(nginx.port, self.seconds)
        return {"client": ours, "nginx": {"cpu_us": server_us}, "ab": ab, "s_time": s_time,
                "resting_floor": resting}

    def serve(self, suite):
        """ekuload as the server alone, under the client that nginx had."""
        with self.started(suite.profile, "--only", "server", "--threads", 1, seconds=self.seconds + 60, core=1,
                          sets=[f"nodes.server.listeners={{tftp: {PORT}}}",
                                "nodes.client.zones.load={type: tftp, peer: server.tftp}"]) as (process, _say, finish):
            wait_until("ekuload as the server", lambda: answers(SERVER, PORT), process)
            client = self.dial(suite, PORT, SERVER)
            result = finish()
        admitted = result["listeners"]["server.tftp"]["admitted"]
        if admitted < client["established"]:
            raise Failure(f"{suite.profile}: {admitted} admitted of {client['established']} established")
        return {"cpu_us": cpu_of_result(result) * 1e6 / admitted, "admitted": admitted,
                "client": client}

    def calls_of_run(self, suite, seconds):
        """How often each system call was made, and for how many connections."""
        words, out = self.command(suite.profile, "--threads", 1, seconds=seconds)
        calls = self.folder / f"calls-{self.runs}"
        output_of("strace", "-f", "-c", "-U", "calls,name", "-o", calls, *words, timeout=seconds + 120)
        counted_calls = {name: int(count) for count, name in
                         re.findall(r"^\s*(\d+) (\w+)$", calls.read_text(), re.MULTILINE) if name != "total"}
        return counted_calls, json.loads((out / "result.json").read_text())["zones"][ZONE]["established"]

    def system_calls(self, suite):
        """Per connection, both ends: what a longer run makes more than a shorter one."""
        few, few_connections = self.calls_of_run(suite, self.seconds)
        many, many_connections = self.calls_of_run(suite, self.seconds * 3)
        connections = max(1, many_connections - few_connections)
        each = {name: (count - few.get(name, 0)) / connections for name, count in many.items()}
        return {name: count for name, count in each.items() if count >= 0.01}

    def open_loop(self, suite, rate):
        return self.churn(suite, 1, sets=[f"load.rate={max(1, int(rate))}/s"]) | {"rate": rate}

    def held_options(self, handshake_us, *more):
        """`handshake_us`: what a connection costs, to leave out the opening of the held ones."""
        result = self.run_profile(HELD, 1, *more)
        zone = result["zones"][ZONE]
        answered = zone["sip_responses"].get("200", 0)
        if zone["established"] != HELD_CONNECTIONS or zone["failed"] or not answered:
            raise Failure(f"{HELD}: {zone['established']} established, {answered} answers, faults {zone['faults']}")
        opening_us = HELD_CONNECTIONS * handshake_us
        return {"cpu_us": (cpu_of_result(result) * 1e6 - opening_us) / answered, "answered": answered,
                "opening_us": opening_us, "per_second": answered / (result["duration_s"] - opening_us / 1e6)}

    def held_client(self, handshake_us):
        with self.started(HELD, "--only", "server", "--threads", 1, seconds=self.seconds + 60,
                          core=1) as (process, _say, finish):
            wait_until("ekuload as the server", lambda: answers(SERVER, PORT), process)
            figures = self.held_options(handshake_us, "--only", "client")
            finish()
        return figures

    def delayed(self):
        """What ekuload reports of a peer that answers after a known time."""
        pki = self.pki(HELD)
        with bench_peers.delayer(self.folder, self.bench("bench-delay"), DELAY_US, SERVER, PORT) as delayer:
            words, out = self.command(HELD, "--threads", 1, sets=[
                f'nodes.client.zones.load.peer="127.0.0.1:{delayer.port}"', "load.connections=4",
                "load.options_interval=10ms"])
            output_of(*words, timeout=self.seconds + 60)
            delayer.end()
        latency = json.loads((out / "result.json").read_text())["zones"][ZONE]["latency"]["sip_response"]
        return {"mean_us": latency["mean"], "p50_us": latency["p50"], "p99_us": latency["p99"],
                "count": latency["count"], "peer_us": DELAY_US + delayer.figures["late_mean_us"],
                "peer": delayer.figures}

    @staticmethod
    def wait_open(process, say, count):
        """Waits until so many are open; when it looked, and how many there were."""
        seen = []

        def is_open():
            found = re.search(r"(\d+) established, (\d+) open, (\d+) failed", say("status"))
            if found is None or int(found.group(3)) > 0:
                raise Failure(f"{count} pairs: {found.group() if found else 'no status'}")
            seen.append((time.monotonic(), int(found.group(2))))
            return seen[-1][1] >= count
        wait_until(f"{count} pairs", is_open, process, OPENING_PATIENCE_S)
        return seen

    def open_pairs(self, count, threads=None, prepare=None):
        """Opens so many pairs and looks at the process while they rest: memory, time, answers."""
        more = [] if threads is None else ["--threads", threads]
        with self.started(HELD, *more, seconds=OPENING_PATIENCE_S + 60, prepare=prepare,
                          sets=[f"load.connections={count}", "load.options_interval=1h"]) as (process, say, finish):
            seen = self.wait_open(process, say, count)
            time.sleep(1)  # the last answers
            memory_kib = rss_kib(process.pid)
            result = finish()
        zone = result["zones"][ZONE]
        # Status comes in steps: from the first look that saw some open, at the rate from there on.
        first = next((look for look in seen if look[1] > 0), seen[-1])
        rate = (count - first[1]) / (seen[-1][0] - first[0]) if seen[-1][0] > first[0] else 0
        return {"memory_kib": memory_kib, "open": zone["open_at_end"], "answered": zone["answered"],
                "lost": zone["lost"], "seconds": count / rate if rate > 0 else None,
                "threads": result["tool"]["threads"], "rss_peak_kib": result["resources"]["rss_peak_kib"]}

    def pairs_beyond_one(self, count, threads=None, prepare=None):
        few = self.open_pairs(1, threads, prepare)
        many = self.open_pairs(count, threads, prepare)
        return many | {"pairs": count, "memory_before_kib": few["memory_kib"],
                       "kib_per_pair": (many["memory_kib"] - few["memory_kib"]) / (count - 1),
                       "peak_kib_per_pair": (many["rss_peak_kib"] - few["memory_kib"]) / (count - 1)}

    def many_pairs(self):
        # Two workers even on one core: one has no room for 10,000 pairs below 22,564 descriptors.
        return self.pairs_beyond_one(self.pairs, 2)

    def long_pairs(self):
        return self.pairs_beyond_one(PAIRS_LONG, prepare=descriptors(DESCRIPTORS_LONG))

    # The floors.

    def milliseconds(self):
        return int(self.seconds * 1000)

    def floor(self, suite, threads, *more):
        return json.loads(output_of(self.bench("bench-floor"), "--suite", suite.name, "--pki",
                                    self.pki(suite.profile), "--threads", threads, "--milliseconds",
                                    self.milliseconds(), *more))

    def tcp(self, *more):
        return json.loads(output_of(self.bench("bench-tcp"), "--count", self.connections, *more))

    def tcp_held(self):
        return self.tcp("--held", "--concurrency", HELD_CONNECTIONS, "--milliseconds", self.milliseconds())

    # Single steps.

    def micro(self):
        said = output_of(self.bench("bench-micro"), "--pki", self.pki(P256.profile), "--milliseconds",
                         20 if self.quick else 200)
        return {each["variant"]: each for each in map(json.loads, said.splitlines())}

    def callgrind(self, function, command, dump=()):
        """Instructions within a function, in all its calls, or one figure for each call with `dump`."""
        self.runs += 1
        out = self.folder / f"callgrind-{self.runs}"
        output_of("valgrind", "--tool=callgrind", f"--callgrind-out-file={out}", "--collect-atstart=no",
                  f"--toggle-collect={function}", *dump, *command, timeout=120)
        files = sorted(self.folder.glob(f"{out.name}.*"), key=lambda path: int(path.suffix[1:])) if dump else [out]
        totals = [re.search(r"^totals: (\d+)", path.read_text(), re.MULTILINE) for path in files]
        if not totals or None in totals:
            raise Failure(f"callgrind told nothing about {' '.join(map(str, command))}")
        return [int(total.group(1)) for total in totals]

    def instructions(self, operations):
        """Per operation of bench-micro, and per handshake of each suite."""
        count = 100
        each = self.callgrind("bench_micro_repeat", [self.bench("bench-micro"), "--pki", self.pki(P256.profile),
                                                     "--count", count], ["--dump-after=bench_micro_repeat"])
        if len(each) != len(operations):
            raise Failure(f"callgrind counted {len(each)} operations of {len(operations)}")
        found = {name: total / count for name, total in zip(operations, each)}
        for suite in self.suites:
            few = 2
            command = [self.bench("bench-floor"), "--suite", suite.name, "--pki", self.pki(suite.profile), "--count",
                       few]
            found[f"handshake {suite.name}"] = self.callgrind("one_handshake", command)[0] / few
        return found
