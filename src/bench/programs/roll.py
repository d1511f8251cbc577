"""Rolls each program from an old pod to a new one while clients ask, and tells what they saw. Called by programs.sh."""

import http.client
import os
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
JAR = "target/quarkus-app/quarkus-run.jar"
JAVA = os.environ.get("JAVA") or shutil.which("java")
# The packages' scripts take the first python3, which has to be the one that they were installed for.
PATH = "/usr/sbin:/usr/bin:/bin"
LIMIT = 120
CLIENTS = 16
DRAIN = {
    "grace-period": "30s",
    "exit-margin": "1s",
    "lame-duck.min": "1s",
    "lame-duck.quiet-period": "500ms",
    "lame-duck.max": "4s",
    "cancel-reserve": "1s",
    "release-reserve": "20s",
}


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def await_true(what, condition, limit=LIMIT):
    end = time.monotonic() + limit
    while not condition():
        if time.monotonic() > end:
            raise AssertionError("not within %d s: %s" % (limit, what))
        time.sleep(0.05)


def table():
    """Every living process with its parent."""
    parents = {}
    for each in os.listdir("/proc"):
        if each.isdigit():
            try:
                with open("/proc/%s/stat" % each) as stat:
                    fields = stat.read().rpartition(") ")[2].split()
                if fields[0] not in "ZX":
                    parents[int(each)] = int(fields[1])
            except OSError:
                pass
    return parents


def carries(pid, mark):
    try:
        with open("/proc/%d/environ" % pid, "rb") as environ:
            return mark.encode() in environ.read()
    except OSError:
        return False


class Pod:
    """One process of the packaged jar."""

    def __init__(self, work, name, settings, **drain):
        self.name = name
        self.log_path = os.path.join(work, name + ".log")
        self.mark = "ROLLED=%s-%d-%d" % (name, os.getpid(), time.monotonic_ns())
        words = [JAVA, "-Xmx256m", "-XX:TieredStopAtLevel=1"]
        settings = {"quarkus.management.port": "0", "quarkus.http.port": "0", **settings}
        settings.update(("lastcall.drain." + key, value) for key, value in {**DRAIN, **drain}.items())
        words += ["-D%s=%s" % each for each in settings.items()] + ["-jar", JAR]
        key, value = self.mark.split("=")
        self.log = open(self.log_path, "wb")
        self.process = subprocess.Popen(
            words, stdin=subprocess.DEVNULL, stdout=self.log, stderr=subprocess.STDOUT, env={**os.environ, "PATH": PATH, key: value})
        self.family = set()

    def text(self):
        with open(self.log_path, errors="replace") as log:
            return log.read()

    def await_ready(self):
        await_true(self.name + " starts", lambda: "started in" in self.text() or self.process.poll() is not None)
        if self.process.poll() is not None:
            raise AssertionError(self.text())
        return self

    def port(self, pattern):
        return int(re.search(pattern, self.text()).group(1))

    def terminate(self):
        """Notes who belongs to it, and sends SIGTERM to it alone."""
        parents = table()
        self.family = {self.process.pid}
        while True:
            more = {pid for pid, parent in parents.items() if parent in self.family} - self.family
            if not more:
                break
            self.family |= more
        self.asked = time.monotonic()
        self.process.send_signal(signal.SIGTERM)

    def end(self):
        code = self.process.wait(LIMIT)
        self.took = time.monotonic() - self.asked
        living = set(table())
        self.orphans = len((self.family & living) | {pid for pid in living if carries(pid, self.mark)})
        self.log.close()
        return code

    def stopped(self):
        return ", ".join(re.findall(r"process stopped name=\S+ (.*)", self.text()))

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        for pid in table():
            if carries(pid, self.mark):
                os.kill(pid, signal.SIGKILL)


class Endpoints:
    """Which pods get new work: what a Service does, which hears of an end a moment late."""

    LATE = 0.3

    def __init__(self, *ports):
        self.ports = list(ports)
        self.turn = 0
        self.lock = threading.Lock()

    def next(self):
        with self.lock:
            self.turn += 1
            return self.ports[self.turn % len(self.ports)]

    def move(self, port):
        """To this port alone, a moment from now."""
        time.sleep(self.LATE)
        with self.lock:
            self.ports = [port]


class Load:
    """Clients that ask one after the other and never try again: each answer that is not whole is lost work."""

    def __init__(self, ask, endpoints):
        self.ask = ask
        self.endpoints = endpoints
        self.answered = 0
        self.lost = []
        self.over = threading.Event()
        self.lock = threading.Lock()
        self.threads = [threading.Thread(target=self.run, args=(number,)) for number in range(CLIENTS)]
        for thread in self.threads:
            thread.start()

    def run(self, number):
        kept = {}
        count = 0
        while not self.over.is_set():
            count += 1
            port = self.endpoints.next()
            try:
                self.ask(kept, port, "%d-%d" % (number, count))
                with self.lock:
                    self.answered += 1
            except Exception as fault:  # every kind of it is an answer that did not come
                kept.pop(port, None)
                with self.lock:
                    self.lost.append("%s: %s" % (type(fault).__name__, fault))

    def end(self):
        self.over.set()
        for thread in self.threads:
            thread.join(LIMIT)


def get(path, expected):
    def ask(kept, port, name):
        connection = kept.pop(port, None) or http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request("GET", path.replace("NAME", name))
        answer = connection.getresponse()
        body = answer.read()
        if answer.status != 200 or not expected(body):
            raise ValueError("%d %r" % (answer.status, body[:80]))
        if answer.getheader("Connection", "").lower() != "close":
            kept[port] = connection
        else:
            connection.close()

    return ask


def sidecar(port, command, **more):
    settings = {
        "lastcall.proxy.upstream": "http://127.0.0.1:%d" % port,
        "lastcall.proxy.listen": "127.0.0.1:0",
        "lastcall.process.app.command": command,
        "lastcall.process.app.ready-timeout": "60s",
        "lastcall.process.app.stop-timeout": "18s",
    }
    settings.update(("lastcall.process.app." + key.replace("_", "-"), value) for key, value in more.items())
    return settings


LISTENS = r"Listening on: http://[^ ]*?:(\d+) upstream"


def roll(work, name, settings, ask, listens=LISTENS, warm=2.0):
    """An old pod, clients, a new pod, SIGTERM to the old one, and its end under load."""
    old = Pod(work, name + "-old", settings())
    new = None
    load = None
    try:
        old.await_ready()
        endpoints = Endpoints(old.port(listens))
        load = Load(ask, endpoints)
        time.sleep(warm)
        new = Pod(work, name + "-new", settings()).await_ready()
        endpoints.ports.append(new.port(listens))
        time.sleep(1)
        old.terminate()
        endpoints.move(new.port(listens))
        code = old.end()
        load.end()
        return old, new, load, code
    except BaseException:
        sys.stderr.write(old.text()[-3000:])
        if load:
            load.over.set()
        old.close()
        raise
    finally:
        if new:
            new.terminate()
            new.end()
            new.close()


class Result:
    def __init__(self, name):
        self.name = name

    def of(self, rolled):
        old, _, load, code = rolled
        self.answered, self.lost, self.code = load.answered, load.lost, code
        self.orphans, self.took, self.stopped = old.orphans, old.took, old.stopped()
        self.more = ""
        old.close()
        return self

    def row(self):
        return "| %s | %d | %d | %d | %d | %.1f s | %s |%s" % (
            self.name, self.answered, len(self.lost), self.orphans, self.code, self.took, self.stopped, self.more)

    def is_sound(self):
        return not self.lost and not self.orphans and self.code == 0 and self.answered > 0


def uvicorn(work):
    def settings():
        port = free_port()
        return sidecar(
            port, "uvicorn --app-dir %s --port %d asgi:app" % (HERE, port), ready_url="http://127.0.0.1:%d/" % port)

    return Result("uvicorn").of(roll(work, "uvicorn", settings, get("/?NAME", lambda body: body.endswith(b"whole\n"))))


def gunicorn(work):
    def settings():
        port = free_port()
        command = "gunicorn --chdir %s -b 127.0.0.1:%d --workers 2 --threads 16 --graceful-timeout 15 wsgi:app"
        return sidecar(port, command % (HERE, port), ready_url="http://127.0.0.1:%d/" % port)

    return Result("gunicorn").of(
        roll(work, "gunicorn", settings, get("/?NAME", lambda body: body.endswith(b"whole\n"))))


NGINX = """daemon off; worker_processes 2; pid %(work)s/nginx-%(port)d.pid; error_log stderr;
events { worker_connections 1024; }
http { access_log off; client_body_temp_path %(work)s/b; proxy_temp_path %(work)s/p; fastcgi_temp_path %(work)s/f;
  uwsgi_temp_path %(work)s/u; scgi_temp_path %(work)s/s;
  server { listen 127.0.0.1:%(port)d; root %(work)s; location = /large { limit_rate 200k; } } }
"""


def nginx(work):
    size = 200_000
    with open(os.path.join(work, "large"), "wb") as large:
        large.write(b"x" * size)

    def settings():
        port = free_port()
        path = os.path.join(work, "nginx-%d.conf" % port)
        with open(path, "w") as conf:
            conf.write(NGINX % {"work": work, "port": port})
        return sidecar(
            port, "/usr/sbin/nginx -c %s -e stderr" % path, ready_url="http://127.0.0.1:%d/large" % port, stop_signal="QUIT")

    return Result("nginx (QUIT)").of(roll(work, "nginx", settings, get("/large", lambda body: len(body) == size)))


def redis_call(port, *commands):
    """Each command on one connection of its own; the last answer."""
    with socket.create_connection(("127.0.0.1", port), 30) as connection:
        reader = connection.makefile("rb")
        answer = b""
        for command in commands:
            connection.sendall(command.encode() + b"\r\n")
            answer = reader.readline()
            if not answer.endswith(b"\r\n") or answer.startswith(b"-"):
                raise ValueError(repr(answer))
        return answer


def redis(work):
    """Stopped under load and started again on its file: no acknowledged write is gone. Two at once on one file would be none of ours."""
    directory = os.path.join(work, "redis")
    os.mkdir(directory)

    def settings(port):
        return {
            "lastcall.proxy.tcp.redis.listen": "127.0.0.1:0",
            "lastcall.proxy.tcp.redis.upstream": "127.0.0.1:%d" % port,
            "lastcall.process.app.command":
                "redis-server --bind 127.0.0.1 --port %d --dir %s --save 3600 1" % (port, directory),
            "lastcall.process.app.ready-pattern": "Ready to accept connections",
            "lastcall.process.app.stop-timeout": "18s",
        }

    listens = r"Listening on: tcp://[^ ]*?:(\d+) name=redis"
    def ask(kept, port, name):
        redis_call(port, "SET k%s x" % name, "INCR count")

    old = Pod(work, "redis-old", settings(free_port())).await_ready()
    load = Load(ask, Endpoints(old.port(listens)))
    time.sleep(3)
    old.terminate()
    # There is no other pod to go to.
    time.sleep(Endpoints.LATE)
    load.end()
    code = old.end()
    again = Pod(work, "redis-new", settings(free_port())).await_ready()
    try:
        kept = int(redis_call(again.port(listens), "INCR count")[1:]) - 1
    finally:
        again.terminate()
        again.end()
        again.close()
    result = Result("redis-server").of((old, again, load, code))
    result.more = " %d of %d acknowledged writes are there after the restart |" % (kept, load.answered)
    if kept < load.answered:
        result.lost.append("%d acknowledged writes" % (load.answered - kept))
    return result


def celery(work, scope="root"):
    """Two programs in a pod: uvicorn takes tasks of 4 s, celery does them. Every task that was accepted is done."""
    name = "celery-" + scope
    broker = free_port()
    directory = os.path.join(work, name)
    os.mkdir(directory)
    server = subprocess.Popen(
        ["redis-server", "--bind", "127.0.0.1", "--port", str(broker), "--save", ""], stdout=subprocess.DEVNULL)
    environment = "BROKER=redis://127.0.0.1:%d/0,DONE=%s,PYTHONPATH=%s" % (broker, directory, HERE)

    def settings():
        port = free_port()
        all_of_it = sidecar(
            port, "uvicorn --app-dir %s --port %d enqueue:app" % (HERE, port),
            ready_url="http://127.0.0.1:%d/" % port, env=environment)
        worker = {
            "command": "celery -A tasks worker -l INFO --concurrency 4 -n w%d@bench" % port,
            "env": environment,
            "ready-pattern": r"w\d+@bench ready",
            "ready-timeout": "60s",
            "stop-timeout": "18s",
            "stop-scope": scope,
        }
        all_of_it.update(("lastcall.process.worker." + key, value) for key, value in worker.items())
        return all_of_it

    ask = get("/task?NAME", lambda body: body == b"accepted\n")

    def slowly(kept, port, task):
        if task.startswith("0-") or task.startswith("1-"):
            ask(kept, port, task)
        time.sleep(1)

    try:
        old, new, load, code = roll(work, name, settings, slowly, warm=3.0)
        with open(os.path.join(directory, "accepted")) as file:
            accepted = set(file.read().split())
        # The new pod has ended too; what it did not come to is in the broker.
        with open(os.path.join(directory, "begun")) as file:
            begun = file.read().split()
        with open(os.path.join(directory, "done")) as file:
            done = file.read().split()
        result = Result("celery, uvicorn" + ("" if scope == "root" else " (control: stop-scope=tree)"))
        load.answered = len(accepted)
        result.of((old, new, load, code))
        cut = set(begun) - set(done)
        twice = len(done) - len(set(done))
        result.more = " %d begun, %d done, %d twice; WorkerLostError %d |" % (
            len(set(begun)), len(set(done)), twice, old.text().count("raise WorkerLostError"))
        result.lost += ["task begun and not done: " + task for task in cut]
        return result
    finally:
        server.terminate()
        server.wait()


def children(work, count=800):
    """How long the stop of a program takes that has as many children, each of which is asked."""
    settings = {
        "lastcall.process.app.command":
            "sh -c 'i=0; while [ $$i -lt %d ]; do sleep 1000 & i=$$((i+1)); done; echo up; wait'" % count,
        "lastcall.process.app.ready-pattern": "^up$",
        "lastcall.process.app.ready-timeout": "120s",
        "lastcall.process.app.stop-scope": "tree",
        "lastcall.process.app.stop-timeout": "18s",
    }
    pod = Pod(work, "children", settings)
    try:
        pod.await_ready().terminate()
        code = pod.end()
        return "%d children, stop-scope=tree: exit %d, orphans %d, %s" % (count, code, pod.orphans, pod.stopped())
    finally:
        pod.close()


def lines(work, count=10_000):
    """Clients of the line server that read their goodbye and close: none of them is a cut."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    count = min(count, hard - 500)
    reserve = "2s"
    settings = {"lastcall.line-server.port": "0"}
    pod = Pod(work, "lines", settings, **{"cancel-reserve": reserve, "release-reserve": "4s", "grace-period": "15s"})
    clients = []
    try:
        pod.await_ready()
        port = pod.port(r"Listening on: tcp://[^ ]*?:(\d+) name=line-server")
        for _ in range(count):
            clients.append(socket.create_connection(("127.0.0.1", port), 60))
        for client in clients:
            client.sendall(b"one\n")
        for client in clients:
            if client.recv(100) != b"one\n":
                raise ValueError("no echo")
        files = len(os.listdir("/proc/%d/fd" % pod.process.pid))
        pod.terminate()
        goodbyes = peak = 0
        for number, client in enumerate(clients):
            client.settimeout(60)
            words = b""
            try:
                while part := client.recv(1000):
                    words += part
            except ConnectionResetError:
                pass
            goodbyes += words.endswith(b"Goodbye!\n")
            client.close()
            if number % 500 == 0:
                with open("/proc/%d/status" % pod.process.pid) as status:
                    found = re.search(r"VmHWM:\s*(\d+)", status.read())
                    peak = int(found.group(1)) // 1024 if found else peak
        code = pod.end()
        report = re.findall(r'"cut":(\d+)', pod.text())[-1]
        return "%d line clients, cancel-reserve %s: goodbyes %d, cut %s, exit %d, %d files, peak %d MiB, %.1f s" % (
            count, reserve, goodbyes, report, code, files, peak, pod.took)
    finally:
        pod.close()
        for client in clients:
            client.close()


PROGRAMS = {"uvicorn": uvicorn, "gunicorn": gunicorn, "nginx": nginx, "redis": redis, "celery": celery}
CROWDS = {"children": children, "lines": lines}


def main():
    chosen = os.environ.get("PROGRAMS", " ".join([*PROGRAMS, *CROWDS])).split()
    work = tempfile.mkdtemp(prefix="rolled-")
    os.chmod(work, 0o755)
    results = []
    controls = []
    crowds = []
    try:
        for name in chosen:
            if name not in PROGRAMS:
                continue
            results.append(PROGRAMS[name](work))
            print(results[-1].row(), results[-1].lost[:3], flush=True)
        for name in chosen:
            if name in CROWDS:
                crowds.append(CROWDS[name](work))
                print(crowds[-1], flush=True)
        if "celery" in chosen:
            controls.append(celery(work, "tree"))
    finally:
        shutil.rmtree(work, ignore_errors=True)
    print("| program | answered | lost | orphans | exit | SIGTERM to exit | its main process |")
    print("|---|---|---|---|---|---|---|")
    for result in results + controls:
        print(result.row())
    print("\n".join(crowds))
    # The control shows that the load can see a loss.
    sys.exit(0 if all(result.is_sound() for result in results) else 1)


main()
