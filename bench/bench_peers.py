"""The peers that ekuload is set against: nginx as a server, ab and openssl s_time as clients, one that delays."""
import contextlib
import json
import os
import re
import subprocess

from bench_process import Failure, answers, children_of, cpu_of, cpu_of_child, free_port, running, wait_until

PACKAGES = ["nginx", "apache2-utils", "openssl", "valgrind", "strace"]
CONCURRENCY = 32

NGINX = """
daemon off;
master_process on;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log warn;
events {{ worker_connections 4096; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    ssl_certificate {pki}/nodes/server/server.pem;
    ssl_certificate_key {pki}/nodes/server/privkey.pem;
    ssl_client_certificate {pki}/nodes/server/ca.pem;
    ssl_verify_client on;
    ssl_verify_depth 4;
    ssl_session_cache off;
    ssl_session_tickets off;
    ssl_protocols TLSv{version};
    ssl_ciphers {ciphers};
    ssl_conf_command Ciphersuites TLS_AES_128_GCM_SHA256;
    ssl_conf_command NumTickets 0;
    ssl_ecdh_curve prime256v1;
    server {{
        listen 127.0.0.1:{port} ssl backlog=4096;
        location / {{ return 200 "ok\\n"; }}
    }}
}}
"""

# What ab and s_time have no option for: the same group and suite as everybody else.
OPENSSL = """
openssl_conf = openssl_init
[openssl_init]
ssl_conf = ssl_module
[ssl_module]
system_default = tls
[tls]
MinProtocol = TLSv{version}
MaxProtocol = TLSv{version}
Groups = P-256
CipherString = {ciphers}
Ciphersuites = TLS_AES_128_GCM_SHA256
"""

CIPHERS = "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256"


class Nginx:
    """Client certificates demanded, nothing resumed, one worker on the second core, a port of its own."""

    def __init__(self, process, port):
        self.port = port
        self.worker = None
        wait_until("nginx", lambda: answers("127.0.0.1", port) and self.find_worker(process.pid), process)

    def find_worker(self, master):
        self.worker = next(iter(children_of(master)), None)
        return self.worker is not None

    def cpu(self):
        return cpu_of(self.worker)


@contextlib.contextmanager
def nginx(folder, pki, version):
    port = free_port()
    place = folder / f"nginx-{port}"
    place.mkdir()
    configuration = place / "nginx.conf"
    configuration.write_text(NGINX.format(folder=place, pki=pki, version=version, port=port, ciphers=CIPHERS))
    with running(place, "nginx", "nginx", "-p", place, "-e", place / "nginx.log", "-c", configuration,
                 core=1) as process:
        yield Nginx(process, port)


class Clients:
    """ab and s_time with the certificate that ekuload's client presents."""

    def __init__(self, folder, pki, version):
        node = pki / "nodes" / "client"
        chain, key, trust = ((node / name).read_text() for name in ("client.pem", "clientprivkey.pem", "ca.pem"))
        intermediates = "".join(re.findall(r"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----\n?", chain,
                                           re.DOTALL)[1:])
        place = folder / f"openssl-{pki.name}"
        place.mkdir(exist_ok=True)
        self.key = node / "clientprivkey.pem"
        self.leaf = node / "client.pem"
        self.identity = place / "identity.pem"
        self.identity.write_text(chain + key)
        self.identity.chmod(0o600)
        # s_time sends the intermediate only when it finds it here.
        self.trust = place / "trust.pem"
        self.trust.write_text(trust + intermediates)
        configuration = place / "openssl.cnf"
        configuration.write_text(OPENSSL.format(version=version, ciphers=CIPHERS))
        self.environment = os.environ | {"OPENSSL_CONF": str(configuration)}

    def ab(self, port, seconds):
        length = ["-t", int(seconds), "-n", 10000000] if seconds >= 1 else ["-n", 200]
        said, cpu_s = cpu_of_child("ab", "-q", "-c", CONCURRENCY, *length, "-E", self.identity,
                                   f"https://127.0.0.1:{port}/", core=0, timeout=seconds + 60,
                                   environment=self.environment)
        good, bad = (re.search(rf"^{what}:\s+(\d+)", said, re.MULTILINE)
                     for what in ("Complete requests", "Failed requests"))
        count = int(good.group(1)) if good else 0
        if count == 0 or bad is None or int(bad.group(1)) > 0 or "Non-2xx" in said:
            raise Failure(f"ab: {said}")
        return {"cpu_us": cpu_s * 1e6 / count, "count": count}

    def s_time(self, port, seconds):
        said, cpu_s = cpu_of_child("openssl", "s_time", "-connect", f"127.0.0.1:{port}", "-new", "-time",
                                   max(1, int(seconds)), "-www", "/", "-cert", self.leaf, "-key", self.key, "-CAfile",
                                   self.trust, "-verify", 4, core=0, timeout=seconds + 60,
                                   environment=self.environment)
        found = re.search(r"^(\d+) connections in \d+ real seconds, (\d+) bytes read", said, re.MULTILINE)
        if found is None or int(found.group(1)) == 0 or int(found.group(2)) == 0:
            raise Failure(f"openssl s_time: {said}")
        return {"cpu_us": cpu_s * 1e6 / int(found.group(1)), "count": int(found.group(1))}


class Delayer:
    """Its port, and after the block how long it really took."""

    def __init__(self, process):
        self.process = process
        self.port = json.loads(process.stdout.readline())["port"]
        self.figures = None

    def end(self):
        self.process.terminate()
        self.figures = json.loads(self.process.stdout.readline())


@contextlib.contextmanager
def delayer(folder, program, delay_us, address, port):
    # Its standard input ends with us, and it with that.
    with running(folder, "bench-delay", program, "--delay-us", delay_us, "--address", address, "--port", port,
                 core=1, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Delayer(process)
