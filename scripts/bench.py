"""``python3 -m scripts bench``: what the bindings, the mock and the pipeline cost, as ratios.

Each figure pairs the thing measured with a yardstick, taking turns round by round in one run: the ratio of a round
is taken within that round, and the median, least and greatest ratios are shown. Absolute times are those of this
machine at this moment; the ratios travel. Nothing here is a test: no figure makes it fail.
"""

from __future__ import annotations

import argparse
import http.client
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlsplit

from scripts.bootstrap import ROOT

Run = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Figure:
    """One paired measurement; times are medians in milliseconds, ratios are measured ÷ yardstick."""

    name: str
    yardstick: str
    measured_ms: float
    yardstick_ms: float
    ratio: float
    least: float
    greatest: float


def pair(name: str, yardstick: str, measured: Run, against: Run, rounds: int) -> Figure:
    """Take turns, the order swapped every round; both callables return seconds."""
    measured(), against()  # warm up: byte code, caches, connections
    ours: list[float] = []
    theirs: list[float] = []
    for number in range(rounds):
        if number % 2:
            theirs.append(against())
            ours.append(measured())
        else:
            ours.append(measured())
            theirs.append(against())
    ratios = [one / other for one, other in zip(ours, theirs, strict=True)]
    return Figure(
        name=name,
        yardstick=yardstick,
        measured_ms=statistics.median(ours) * 1000,
        yardstick_ms=statistics.median(theirs) * 1000,
        ratio=statistics.median(ratios),
        least=min(ratios),
        greatest=max(ratios),
    )


def timed(work: Callable[[], Any], times: int = 1) -> Run:
    """A run that does ``work`` ``times`` times and returns the seconds of one."""

    def run() -> float:
        started = time.perf_counter()
        for _ in range(times):
            work()
        return (time.perf_counter() - started) / times

    return run


def process(code: str) -> Run:
    """A run of a whole interpreter; ``-I`` keeps this repository's modules and settings out of the yardstick."""
    return timed(lambda: subprocess.run([sys.executable, "-I", "-c", code], check=True, cwd=ROOT))


def bench_import(rounds: int) -> Iterator[Figure]:
    """Cold start of one generated operation against ``import httpx``."""
    ours = process("from telnyx_bindings.api.messaging_profiles import retrieve_messaging_profile")
    yield pair("import one operation", "import httpx", ours, process("import httpx"), rounds)


def _profile() -> dict[str, Any]:
    document = json.loads((ROOT / "generated" / "openapi.effective.json").read_text(encoding="utf-8"))
    answer = document["paths"]["/messaging_profiles/{id}"]["get"]["responses"]["200"]
    while "$ref" in answer:
        answer = document["components"]["responses"][answer["$ref"].rpartition("/")[2]]
    example = next(iter(answer["content"]["application/json"]["examples"].values()))
    while "$ref" in example:
        example = document["components"]["examples"][example["$ref"].rpartition("/")[2]]
    profile: dict[str, Any] = example["value"]["data"]
    return profile


def bench_call(rounds: int) -> Iterator[Figure]:
    """One sync GET over a transport that answers at once: what the generated layer adds to httpx."""
    import httpx
    from telnyx_bindings import AuthenticatedClient
    from telnyx_bindings.api.messaging_profiles import retrieve_messaging_profile

    profile = _profile()
    body = json.dumps({"data": profile}).encode()
    headers = {"content-type": "application/json"}
    transport = httpx.MockTransport(lambda request: httpx.Response(200, content=body, headers=headers))
    client = AuthenticatedClient(
        base_url="http://127.0.0.1/v2", token="KEY", verify_ssl=False, httpx_args={"transport": transport}
    )
    raw = httpx.Client(base_url="http://127.0.0.1/v2", transport=transport, headers={"authorization": "Bearer KEY"})
    identifier = profile["id"]
    ours = timed(lambda: retrieve_messaging_profile.sync(identifier, client=client), 200)
    theirs = timed(lambda: raw.get(f"/messaging_profiles/{identifier}").json(), 200)
    yield pair("one GET, typed", "httpx get + json", ours, theirs, rounds)


def bench_decode(rounds: int) -> Iterator[Figure]:
    """A page of 250 profiles into models, and back into JSON."""
    from telnyx_bindings.models import MessagingProfileListResponse

    text = json.dumps({"data": [_profile()] * 250, "meta": {"page_number": 1}})
    model = MessagingProfileListResponse.from_dict(json.loads(text))
    plain = json.loads(text)
    decode = timed(lambda: MessagingProfileListResponse.from_dict(json.loads(text)))
    yield pair("decode a page of 250", "json.loads", decode, timed(lambda: json.loads(text)), rounds)
    encode = timed(lambda: json.dumps(model.to_dict()))
    yield pair("encode a page of 250", "json.dumps", encode, timed(lambda: json.dumps(plain)), rounds)


@contextmanager
def _server(application: Any) -> Iterator[Callable[[str, str, bytes], None]]:
    """Serve an ASGI application from a thread of this process; gives a function that sends one request."""
    from contract_tests.mock.server import serve

    with serve(application) as base_url:
        connection = http.client.HTTPConnection(urlsplit(base_url).netloc, timeout=5)
        headers = {"authorization": "Bearer KEY", "content-type": "application/json"}

        def send(method: str, path: str, body: bytes) -> None:
            connection.request(method, path, body or None, headers)
            answer = connection.getresponse()
            answer.read()
            if answer.status != 200:
                raise RuntimeError(f"{method} {path} answered {answer.status}")

        yield send
        connection.close()


async def _bare(scope: Any, receive: Any, send: Any) -> None:
    """The least an ASGI application can do for a request with a JSON answer."""
    more = scope["type"] == "http"
    while more:
        more = (await receive()).get("more_body", False)
    body = b'{"data":{}}'
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def bench_mock(rounds: int) -> Iterator[Figure]:
    """The mock against an application that does nothing, on the same server in the same process."""
    from contract_tests.description import load
    from contract_tests.mock.app import create_app

    path = f"/v2/messaging_profiles/{_profile()['id']}"
    patch = json.dumps({"name": "Bench", "enabled": True}).encode()
    with _server(create_app(load())) as mock, _server(_bare) as bare:
        for method, body in (("GET", b""), ("PATCH", patch)):
            ours = timed(lambda method=method, body=body: mock(method, path, body), 100)  # type: ignore[misc]
            theirs = timed(lambda method=method, body=body: bare(method, path, body), 100)  # type: ignore[misc]
            yield pair(f"mock: one {method}", "bare ASGI answer", ours, theirs, rounds)


def bench_regenerate(rounds: int) -> Iterator[Figure]:
    """The check that finds nothing to do, and the whole rebuild, against starting an interpreter."""
    nothing = timed(lambda: subprocess.run([sys.executable, "-c", "pass"], check=True, cwd=ROOT))
    command = [sys.executable, "-m", "scripts", "regenerate"]
    quiet = {"check": True, "cwd": ROOT, "stdout": subprocess.DEVNULL}
    again = timed(lambda: subprocess.run(command, **quiet))  # type: ignore[call-overload]
    yield pair("regenerate, up to date", "python -c pass", again, nothing, rounds)
    rebuild = timed(lambda: subprocess.run([*command, "--check", "--full"], **quiet))  # type: ignore[call-overload]
    yield pair("regenerate, rebuilt", "python -c pass", rebuild, nothing, min(rounds, 3))


BENCHES: dict[str, Callable[[int], Iterator[Figure]]] = {
    "import": bench_import,
    "call": bench_call,
    "decode": bench_decode,
    "mock": bench_mock,
    "regenerate": bench_regenerate,
}


def main(arguments: list[str]) -> int:
    """Print one line per figure as it is measured, or one JSON document with ``--json``."""
    parser = argparse.ArgumentParser(prog="python3 -m scripts bench", description=__doc__.split("\n\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"some of: {', '.join(BENCHES)} (default: all)")
    parser.add_argument("--rounds", type=int, default=11, help="rounds per figure (default: 11)")
    parser.add_argument("--json", action="store_true", help="print one JSON document at the end, nothing else")
    options = parser.parse_args(arguments)
    unknown = [name for name in options.names if name not in BENCHES]
    if unknown or options.rounds < 1:
        parser.error(f"no such bench: {unknown[0]}" if unknown else "--rounds must be at least 1")
    figures: list[Figure] = []
    for name in options.names or BENCHES:
        for figure in BENCHES[name](options.rounds):
            figures.append(figure)
            if not options.json:
                print(
                    f"{figure.name:<24} {figure.ratio:7.2f} x {figure.yardstick:<18}"
                    f" ({figure.least:.2f}-{figure.greatest:.2f};"
                    f" {figure.measured_ms:.3g} ms against {figure.yardstick_ms:.3g} ms)",
                    flush=True,
                )
    if options.json:
        print(json.dumps([asdict(figure) for figure in figures], indent=2))
    return 0
