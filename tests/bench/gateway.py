#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The gateway's figures, each beside what the machine or intake does without it in the same run.

    tests/bench/gateway.py --build DIR [--clients N] [--rate N] [--seconds N] [--json FILE]"""
import argparse
import json
import os
import resource
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.dirname(os.path.dirname(HERE))
parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
parser.add_argument("--build", required=True)
parser.add_argument("--clients", type=int, default=2000)
parser.add_argument("--rate", type=int, default=2000)
parser.add_argument("--seconds", type=int, default=10)
parser.add_argument("--tickets", type=int, default=2000)
parser.add_argument("--json")
ARGS = parser.parse_args()
os.environ["DS_BUILD"] = os.path.abspath(ARGS.build)
sys.path[:0] = [os.path.join(SOURCE, "tests", "lib"), HERE]
import harness  # noqa: E402
import commands_pb2  # noqa: E402
import rules  # noqa: E402
from gateway import Gateway  # noqa: E402

WEB = os.path.join(ARGS.build, "tests", "bench_web")
RESULTS = {"load before": os.getloadavg()[0]}


def show(name, value, unit="", target=""):
    RESULTS[name] = value
    print("  %-52s %14s %-4s %s" % (name, value, unit, target), flush=True)


def web(*words):
    done = subprocess.run([WEB, *map(str, words)], stdout=subprocess.PIPE, text=True)
    if done.returncode != 0:
        raise RuntimeError("%s: %d" % (words[0], done.returncode))
    return json.loads(done.stdout.splitlines()[-1])


def ms(figures):
    return "%.1f/%.1f/%.1f" % tuple(figures[name] / 1000 for name in ("p50_us", "p99_us", "max_us"))


def cpu_s(place, name):
    with open("/proc/%d/stat" % place.processes[name].pid) as file:
        fields = file.read().rsplit(") ", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def posts(place, gateway, key):
    print("\n%d commands a second for %d s, each answered after its commit" % (
        ARGS.rate, ARGS.seconds))
    before = cpu_s(place, "gateway")
    figures = web("post", gateway.port, key, ARGS.rate, ARGS.seconds, 1000000)
    show("POST /v1/commands, p50/p99/max", ms(figures), "ms", "target p99 10")
    show("  a second", round(figures["recorded"] / figures["seconds"]))
    show("  the gateway's processor time of a command",
         round(1e6 * (cpu_s(place, "gateway") - before) / figures["recorded"]), "us")
    figures = web("zmq", "ipc://%s/intake.cmd" % place.run, ARGS.rate, ARGS.seconds, 2000000)
    show("the same to intake over ZeroMQ, p50/p99/max", ms(figures), "ms")


def unanswered(place, n):
    """A call that nobody picked up, a minute ago: two alerts at once."""
    now_ms = int(time.time() * 1000)
    offered = commands_pb2.Command(id="u%d" % n, by="boss", made_at_ms=now_ms,
                                   occurred_at_ms=now_ms - 60000)
    offered.call_offered.call = "u%d" % n
    offered.call_offered.called = "07360000000"
    offered.call_offered.caller = "2%010d" % n
    ended = commands_pb2.Command(id="e%d" % n, by="boss", made_at_ms=now_ms)
    ended.call_ended.call = "u%d" % n
    for receipt in place.send(offered, ended):
        assert receipt.status == 1, receipt


def fan_out(place, gateway, key):
    print("\n%d clients of /v1/alerts" % ARGS.clients)
    before = cpu_s(place, "gateway")
    process = subprocess.Popen([WEB, "sse", str(gateway.port), key, str(ARGS.clients),
                                str(ARGS.seconds + 3)], stdout=subprocess.PIPE, text=True)
    process.stdout.readline()
    calls, until = 0, time.monotonic() + ARGS.seconds
    while time.monotonic() < until:
        calls += 1
        unanswered(place, calls)
        harness.select_for(0.5)  # the pace of the load
    figures = json.loads(process.stdout.read().splitlines()[-1])
    assert process.wait() == 0
    alerts = figures["samples"] / ARGS.clients
    show("from an alert's stamp to each client, p50/p99/max", ms(figures), "ms", "target p99 50")
    show("  alerts, and how many of them each client got", "%d, %.2f" % (2 * calls, alerts))
    show("  the gateway's processor time in all", round(cpu_s(place, "gateway") - before, 2), "s")
    show("  the gateway's memory", round(gateway.rss_mb()), "MB")
    show("raw: one alert to as many sockets, p50/p99/max", ms(web("raw", ARGS.clients, 700)), "ms")


def board(place, gateway):
    print("\n%d open tickets" % ARGS.tickets)
    subprocess.run([os.path.join(ARGS.build, "tests", "bench_load"), place.run, place.redis_path,
                    "--tickets", str(ARGS.tickets), "--territories", "4", "--window", "1024",
                    "--open", "100"], check=True, stdout=subprocess.DEVNULL)
    client = gateway.key("reader", "board")

    def took_ms(ask):
        times = []
        for _ in range(10):
            start = time.monotonic()
            size = ask()
            times.append(1000 * (time.monotonic() - start))
        return round(sorted(times)[5]), size

    def page():
        answer = client.ask("GET", "/v1/board")
        assert answer.status == 200, answer.bytes
        return len(answer.bytes)
    middle, size = took_ms(page)
    show("GET /v1/board, p50", middle, "ms")
    show("  bytes", size)
    show("the command line by itself, p50",
         took_ms(lambda: len(gateway.doorstep("board", "--json")))[0], "ms")
    client.close()


def main():
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    print("%d cores, load %.1f" % (os.cpu_count(), RESULTS["load before"]))
    place = harness.Installation(partitions=16)
    try:
        place.start()
        receipt = place.activate(by="boss", rulebook=rules.rulebook(), directory=rules.directory(4))
        assert receipt.status == 1, receipt
        gateway = Gateway(place).start()
        for name, text in (("rulebook", rules.rulebook()), ("directory", rules.directory(4))):
            with open(os.path.join(place.data, name + ".yaml"), "w") as file:
                file.write(text)
        keys = {role: gateway.key(role, role, person).headers["Authorization"].split()[1]
                for role, person in (("phone", "boss"), ("board", ""))}
        posts(place, gateway, keys["phone"])
        fan_out(place, gateway, keys["board"])
        board(place, gateway)
        gateway.stop()
    finally:
        place.close()
    RESULTS["load after"] = os.getloadavg()[0]
    print("\nload %.1f" % RESULTS["load after"])
    if ARGS.json:
        with open(ARGS.json, "w") as file:
            json.dump(RESULTS, file, indent=1)


if __name__ == "__main__":
    main()
