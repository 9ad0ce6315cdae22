"""The rows: what of a round is ours, what it is set against, and how near they are to be."""
import statistics

from bench_ekuload import DELAY_US, P256, PAIRS, PAIRS_LONG, RSA2048, RSA4096

# By suite: over a floor at most, less than a peer's at least.
CLIENT_FLOOR = {P256: 1.15, RSA2048: 1.10}
CLIENT_PEER = {P256: 4.0, RSA2048: 2.5}
SERVER_FLOOR = {P256: 1.15}
SERVER_PEER = {P256: 4.0}
PAIR_FLOOR = 1.3


def spread(values):
    return {"median": statistics.median(values), "min": min(values), "max": max(values), "runs": len(values)}


def verdict(value, target):
    at_most, limit = target
    return "met" if (value <= limit if at_most else value >= limit) else "missed"


def at_most(limit):
    return True, limit


def at_least(limit):
    return False, limit


class Table:
    def __init__(self):
        self.rows = []

    def add(self, title, unit, pairs, against=None, less=False, target=None):
        """
        `pairs`: ours and theirs of each round, theirs None where there is nobody. A target is one of the ratio where
        there is somebody, and of our own figure where there is not. `less`: the ratio is theirs over ours.
        """
        if not pairs:
            return
        ours = spread([mine for mine, _ in pairs])
        row = {"row": title, "unit": unit, "ours": ours, "against": against}
        judged = ours
        if against is not None:
            row["theirs"] = spread([other for _, other in pairs])
            row["ratio"] = judged = spread([other / mine if less else mine / other for mine, other in pairs])
            row["ratio_is"] = f"{against} / ours" if less else f"ours / {against}"
        if target is not None:
            row["target"] = {"is": "at most" if target[0] else "at least", "limit": target[1]}
            row["verdict"] = verdict(judged["median"], target)
        self.rows.append(row)

    def alone(self, title, unit, values, target=None):
        self.add(title, unit, [(value, None) for value in values], target=target)


def resting_floor_of_end(each, suite):
    return (each[suite.name]["against"]["resting_floor"]["cpu_us"] + each[suite.name]["tcp"]["cpu_us"]) / 2


def floor_of_pair(each, suite):
    return each[suite.name]["floor_1"]["cpu_us"] + each[suite.name]["tcp"]["cpu_us"]


def add_connections(table, rounds, suites):
    for suite in suites:
        measured = [each for each in rounds if suite.name in each]
        table.add(f"CPU per connection, both ends, {suite.title}", "us",
                  [(each[suite.name]["ours_1"]["cpu_us"], floor_of_pair(each, suite)) for each in measured], "floor",
                  target=None if suite is RSA4096 else at_most(PAIR_FLOOR))
    table.alone(f"system calls per connection, both ends, {P256.title}", "",
                [sum(each["system_calls"].values()) for each in rounds if "system_calls" in each])


def add_client(table, rounds, suites):
    for suite in suites:
        measured = [each for each in rounds if "against" in each.get(suite.name, {})]
        title = f"client CPU per connection to nginx, {suite.title}"
        table.add(title, "us", [(each[suite.name]["against"]["client"]["cpu_us"], floor_of_pair(each, suite) / 2)
                                for each in measured], "floor",
                  target=at_most(CLIENT_FLOOR[suite]) if suite in CLIENT_FLOOR else None)
        table.add(title, "us", [(each[suite.name]["against"]["client"]["cpu_us"], resting_floor_of_end(each, suite))
                                for each in measured], "floor that rests")
        for key, name in (("ab", "ab -E"), ("s_time", "s_time -new")):
            table.add(title, "us", [(each[suite.name]["against"]["client"]["cpu_us"],
                                     each[suite.name]["against"][key]["cpu_us"]) for each in measured], name,
                      less=True, target=at_least(CLIENT_PEER[suite]) if suite in CLIENT_PEER else None)


def add_server(table, rounds, suites):
    for suite in suites:
        measured = [each for each in rounds if "serve" in each.get(suite.name, {})]
        title = f"server CPU per admitted connection, {suite.title}"
        table.add(title, "us", [(each[suite.name]["serve"]["cpu_us"], floor_of_pair(each, suite) / 2)
                                for each in measured], "floor",
                  target=at_most(SERVER_FLOOR[suite]) if suite in SERVER_FLOOR else None)
        table.add(title, "us", [(each[suite.name]["serve"]["cpu_us"], each[suite.name]["against"]["nginx"]["cpu_us"])
                                for each in measured], "nginx",
                  less=True, target=at_least(SERVER_PEER[suite]) if suite in SERVER_PEER else None)


def add_options(table, rounds):
    held = [each["held"] for each in rounds if "held" in each]
    table.alone("CPU per OPTIONS, client side", "us", [each["client"]["cpu_us"] for each in held], at_most(8))
    table.alone("CPU per OPTIONS, both ends", "us", [each["ours"]["cpu_us"] for each in held], at_most(16))
    table.add("CPU per OPTIONS, both ends", "us",
              [(each["ours"]["cpu_us"], each["tcp"]["cpu_us"] + each["records"]["cpu_us"]) for each in held], "floor")
    table.alone("OPTIONS a second on one core, both ends", "1/s", [each["ours"]["per_second"] for each in held],
                at_least(60000))


def add_pairs(table, rounds, threads, pairs):
    measured = [each for each in rounds if "pairs" in each]
    table.alone(f"memory per open pair, of {pairs:,}", "KiB", [each["pairs"]["kib_per_pair"] for each in measured],
                at_most(12))
    table.alone(f"the same at its peak, of {pairs:,}", "KiB", [each["pairs"]["peak_kib_per_pair"] for each in measured])
    timed = [each for each in measured if each["pairs"]["seconds"] is not None]
    table.add(f"time to open {pairs:,}", "s",
              [(each["pairs"]["seconds"], pairs * floor_of_pair(each, P256) / 1e6 / threads) for each in timed],
              "floor", target=at_most(1.2))
    far = [each["long"] for each in rounds if "long" in each]
    table.alone(f"pairs that answer, of {PAIRS_LONG:,}", "", [min(each["open"], each["answered"]) for each in far],
                at_least(PAIRS_LONG))
    table.alone(f"memory per open pair, of {PAIRS_LONG:,}", "KiB", [each["kib_per_pair"] for each in far], at_most(12))
    table.alone(f"the same at its peak, of {PAIRS_LONG:,}", "KiB", [each["peak_kib_per_pair"] for each in far])


def add_scaling(table, rounds, suites):
    def scaling(each, suite, side):
        return each[suite.name][f"{side}_2"]["per_second"] / each[suite.name][f"{side}_1"]["per_second"]
    for suite in suites:
        measured = [each for each in rounds if "ours_2" in each.get(suite.name, {})]
        table.add(f"1 to 2 threads, {suite.title}", "times",
                  [(scaling(each, suite, "ours"), scaling(each, suite, "floor")) for each in measured], "floor",
                  target=at_least(0.95))


def add_clock(table, rounds):
    paced = [each["paced"] for each in rounds if "paced" in each]
    table.alone("start delay at 80% of capacity, p99, P-256", "us", [each["start_delay_p99_us"] for each in paced],
                at_most(1000))
    delayed = [each["delayed"] for each in rounds if "delayed" in each]
    table.alone(f"error of a latency of {DELAY_US / 1000:g} ms", "%",
                [abs(each["mean_us"] / each["peer_us"] - 1) * 100 for each in delayed], at_most(1))


def add_checks(table, rounds):
    micro = [each["micro"] for each in rounds if "micro" in each]
    table.alone("EKU check: reading the leaf", "us", [each["x509-leaf"]["cpu_us"] for each in micro], at_most(0.5))
    table.alone("EKU check: the whole judgement of a path", "us", [each["judge-path"]["cpu_us"] for each in micro],
                at_most(1.5))
    table.alone("EKU check in a run, p50", "ns", [each[P256.name]["ours_1"]["eku_check_ns"] for each in rounds])
    table.alone("metrics, share of a connection's CPU, P-256", "%",
                [share_of_metrics(each) for each in rounds if "micro" in each], at_most(1))


def share_of_metrics(each):
    """What is counted per connection, at the price of a histogram that is in no cache, for counters too."""
    ours = each[P256.name]["ours_1"]
    times = ours["recorded"]["durations"] + ours["recorded"]["counters"]
    return times * each["micro"]["histogram-record-cold"]["cpu_us"] / ours["cpu_us"] * 100


def make(rounds, threads, suites, pairs=PAIRS):
    table = Table()
    add_connections(table, rounds, suites)
    add_client(table, rounds, suites)
    add_server(table, rounds, suites)
    add_options(table, rounds)
    add_pairs(table, rounds, threads, pairs)
    add_scaling(table, rounds, suites)
    add_clock(table, rounds)
    add_checks(table, rounds)
    return table.rows


def figure(value):
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 100 else f"{value:.2f}" if value >= 1 else f"{value:.3f}"


def with_spread(row, key):
    if key not in row:
        return "-"
    each = row[key]
    return f"{figure(each['median'])} ({figure(each['min'])}..{figure(each['max'])})"


def line_of(row):
    unit = f" [{row['unit']}]" if row["unit"] else ""
    target = f"{row['target']['is']} {row['target']['limit']:,}" if "target" in row else "-"
    return [row["row"] + unit, with_spread(row, "ours"), row["against"] or "-", with_spread(row, "theirs"),
            with_spread(row, "ratio"), target, str(row["ours"]["runs"]), row.get("verdict", "-")]


def print_aligned(lines):
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    for line in [lines[0], ["-" * width for width in widths], *lines[1:]]:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip())


def print_rows(rows):
    print_aligned([["row", "ours", "against", "theirs", "ratio", "target", "runs", ""], *map(line_of, rows)])


def steps_of(rounds, suites):
    """Each step alone: nanoseconds of each round that measured it, instructions of the one that counted them."""
    micro = [each["micro"] for each in rounds if "micro" in each]
    instructions = next((each["instructions"] for each in rounds if "instructions" in each), {})
    steps = [{"step": name, "ns": spread([each[name]["cpu_us"] * 1000 for each in micro]),
              "instructions": instructions.get(name)} for name in (micro[0] if micro else [])]
    for suite in suites:
        times = [each[suite.name]["floor_1"]["cpu_us"] * 1000 for each in rounds if suite.name in each]
        if times:
            steps.append({"step": f"handshake, both ends, {suite.title}", "ns": spread(times),
                          "instructions": instructions.get(f"handshake {suite.name}")})
    return steps


def print_steps(steps):
    print_aligned([["step alone", "ns", "instructions", "runs"],
                   *[[step["step"], with_spread(step, "ns"),
                      "-" if step["instructions"] is None else f"{step['instructions']:,.0f}",
                      str(step["ns"]["runs"])] for step in steps]])
