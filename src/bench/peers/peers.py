"""Rehearses each peer, measures what a request costs there, and writes a table in Markdown. Called by peers.sh."""

import json
import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import time

WORK = sys.argv[1]
OUT = os.environ.get("OUT", os.path.join(WORK, "results"))
HERE = "src/bench/peers"
JAR = "target/quarkus-app/quarkus-run.jar"
NODE = "node " + HERE + "/node/server.mjs"
UVICORN = "/usr/bin/python3 -m uvicorn app:app --port {port} --no-access-log --app-dir " + HERE + "/fastapi"
SPRING = "java -jar " + WORK + "/spring/target/spring.jar"
QUARKUS = "java -jar " + WORK + "/quarkus/target/quarkus-app/quarkus-run.jar"
GO = WORK + "/go"
PLAIN_QUARKUS = ["--env", "QUARKUS_SHUTDOWN_DELAY=0s", "--env", "QUARKUS_SHUTDOWN_TIMEOUT=0s"]
SUPERVISED = ["--supervised"]
SLEEP = ["--pre-stop", "sleep 5"]

# Name, what it is, its command, the options of rehearse. The preStop of each is what its own documentation advises.
PEERS = {
    "quarkus": ("Quarkus 3.33, `shutdown.delay=5s`, `shutdown.timeout=25s`", QUARKUS, ["--ready", "/q/health/ready"]),
    "spring": ("Spring Boot 3.5, graceful, preStop `sleep 10`", SPRING, ["--ready", "/", "--pre-stop", "sleep 10"]),
    "fastapi": ("FastAPI, uvicorn, preStop `sleep 5`", UVICORN, ["--ready", "/"] + SLEEP),
    "node": ("Node, terminus", NODE, ["--ready", "/health"]),
    "go": ("Go `net/http`, `Shutdown`, preStop `sleep 5`", GO, ["--ready", "/"] + SLEEP),
    "nginx": ("Node behind nginx, preStop `sleep 5`", HERE + "/sidecar.sh nginx {port}", ["--ready", "/"] + SLEEP),
    "haproxy": ("Node behind HAProxy, preStop `sleep 5`", HERE + "/sidecar.sh haproxy {port}", ["--ready", "/"] + SLEEP),
    "lastcall-node": ("**Lastcall** before Node", NODE, SUPERVISED + ["--env", "ALONE=1"]),
    "lastcall-fastapi": ("**Lastcall** before FastAPI", UVICORN, SUPERVISED),
    "lastcall-go": ("**Lastcall** before Go", GO, SUPERVISED),
    "lastcall-quarkus": ("**Lastcall** before Quarkus without its settings", QUARKUS, SUPERVISED + PLAIN_QUARKUS),
}
RUNS = {
    "6s": ["--withdrawal", "0..2s", "--stream", "/events/60"],
    "60s": ["--withdrawal", "0..2s", "--stream", "/events/600"],
    "600s": ["--withdrawal", "0..2s", "--stream", "/events/6000", "--stream-timeout", "15m"],
    "late": ["--withdrawal", "0..10s", "--stream", "/events/60"],
}
# What tells Lastcall of the slower withdrawal: the setting that exists for it.
LATE = ["--env", "LASTCALL_DRAIN_PROFILE=envoy"]
PROPER = {"ended early", "503 with Retry-After"}


def rehearse(peer, run):
    path = os.path.join(OUT, "%s-%s.json" % (peer, run))
    if not os.path.exists(path):
        _, command, options = PEERS[peer]
        words = ["java", "-Xmx256m", "-jar", JAR, "rehearse", "--command", command, "--json", path]
        words += ["--path", "/", "--slow", "/slow", "--replicas", "2", "--rounds", "1" if run in ("60s", "600s") else "2", "--users", "4", "--grace", "30s", "--seed", "7"]
        words += options + RUNS[run] + (LATE if run == "late" and peer.startswith("lastcall") else [])
        done = subprocess.run(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        if done.returncode not in (0, 1):
            raise SystemExit("peers: %s: %s" % (peer, done.stderr[-2000:]))
    with open(path) as file:
        return json.load(file)


def losses(result):
    """Requests lost, streams cut, streams that ended properly before their last event."""
    requests = sum(load["lost"] for load in result["load"] if load["kind"] != "stream")
    streams = [loss for loss in result["losses"] if loss["load"] == "stream"]
    early = sum(loss["kind"] in PROPER for loss in streams)
    lost = sum(load["lost"] for load in result["load"] if load["kind"] == "stream")
    return requests, lost - early, early


def cell(result):
    requests, cut, early = losses(result)
    times = [pod["secondsToGo"] for pod in result["pods"] if "secondsToGo" in pod]
    text = "%d, %d" % (requests, cut) + (" (+ %d ended early)" % early if early else "")
    return "%s of %d | %.1f s" % (text, result["requests"], statistics.median(times)) if times else text + " | "


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def group_memory(group):
    """RSS of a process group in MiB."""
    pages = 0
    for each in os.listdir("/proc"):
        if each.isdigit():
            try:
                if os.getpgid(int(each)) == group:
                    with open("/proc/%s/statm" % each) as statm:
                        pages += int(statm.read().split()[1])
            except OSError:
                pass
    return pages * os.sysconf("SC_PAGE_SIZE") / (1 << 20)


def cost(peer):
    """Of a warm pod, in that order: requests a second on 8 connections, the median latency of one connection, the memory then."""
    _, command, options = PEERS[peer]
    port = free_port()
    env = dict(os.environ, PORT=str(port))
    words = command.replace("{port}", str(port)).split()
    if "--supervised" in options:
        inner = free_port()
        program = command.replace("{port}", str(inner))
        settings = {
            "lastcall.process.app.command": program,
            "lastcall.proxy.upstream": "http://127.0.0.1:%d" % inner,
            "lastcall.proxy.listen": "127.0.0.1:%d" % port,
            "quarkus.management.port": free_port(),
        }
        env.update(PORT=str(inner), ALONE="1")
        words = ["java", "-Xmx64m", "-XX:+UseSerialGC"] + ["-D%s=%s" % setting for setting in settings.items()] + ["-jar", JAR]
    program = subprocess.Popen(words, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        end = time.monotonic() + 60
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                if time.monotonic() > end:
                    raise SystemExit("peers: %s listens on no port" % peer)
                time.sleep(0.2)
        time.sleep(3)
        url = "http://127.0.0.1:%d/" % port
        run = lambda clients, seconds: subprocess.run(
            ["wrk", "-t1", "-c%d" % clients, "-d%ds" % seconds, "--latency", url], capture_output=True, text=True
        ).stdout
        run(8, 10)
        rate = float(re.search(r"Requests/sec: *([0-9.]+)", run(8, 5))[1])
        latency = re.search(r"50% *([0-9.]+[a-z]+)", run(1, 5))[1]
        return "%d/s | %s | %d MiB" % (rate, latency, group_memory(program.pid))
    finally:
        # Lastcall ends what it has started, which a SIGKILL of its group would leave behind.
        program.terminate()
        try:
            program.wait(60)
        except subprocess.TimeoutExpired:
            os.killpg(program.pid, signal.SIGKILL)
            program.wait()


def main():
    peers = os.environ.get("PEERS", " ".join(PEERS)).split()
    runs = os.environ.get("RUNS", "6s 60s late").split()
    with_cost = os.environ.get("COST", "yes") == "yes"
    os.makedirs(OUT, exist_ok=True)
    names = {"6s": "0–2 s, streams of 6 s", "60s": "0–2 s, streams of 60 s", "600s": "0–2 s, streams of 600 s", "late": "0–10 s, streams of 6 s"}
    head = ["what runs"] + [part for run in runs for part in ("lost, cut: " + names[run], "a pod goes in")]
    head += ["requests/s, 8 connections", "p50 of one connection", "RSS"] if with_cost else []
    rows = []
    for peer in peers:
        cells = [cell(rehearse(peer, run)) for run in runs]
        rows.append("| " + " | ".join([PEERS[peer][0]] + cells + ([cost(peer)] if with_cost else [])) + " |")
        print("peers: " + rows[-1], file=sys.stderr, flush=True)
    print("| " + " | ".join(head) + " |")
    print("|" + "---|" * len(head))
    print("\n".join(rows))


main()
