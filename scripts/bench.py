"""``python3 -m scripts bench``: what the bindings, the mock and the pipeline cost, as ratios.

Each figure pairs the thing measured with a yardstick, taking turns round by round in one run: the ratio of a round
is taken within that round, and the median, least and greatest ratios are shown. Absolute times are those of this
machine at this moment; the ratios travel. Nothing here is a test: no figure makes it fail.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any

from scripts.benches import client, mock, regeneration, rivals, slices, suite
from scripts.benches.pairing import Figure, pair, timed
from scripts.bootstrap import ROOT


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


def bench_decode(rounds: int) -> Iterator[Figure]:
    """A page of 250 profiles into models, and back into the bytes that would be sent; by the CPU's clock."""
    from telnyx_bindings.models import MessagingProfileListResponse
    from telnyx_bindings.runtime.wire import json_bytes

    def cpu(work: Callable[[], Any]) -> Callable[[], float]:
        return timed(work, clock=time.process_time)

    text = json.dumps({"data": [_profile()] * 250, "meta": {"page_number": 1}})
    plain = json.loads(text)
    model = MessagingProfileListResponse.from_dict(plain)
    decode = cpu(lambda: MessagingProfileListResponse.from_dict(json.loads(text)))
    yield pair("decode a page of 250", "json.loads", decode, cpu(lambda: json.loads(text)), rounds)
    encode = cpu(lambda: json_bytes(model.to_dict()))
    yield pair("encode a page of 250", "json.dumps", encode, cpu(lambda: json.dumps(plain).encode()), rounds)


BENCHES: dict[str, Callable[[int], Iterator[Figure]]] = {
    "import": client.bench_import,
    "process": client.bench_process,
    "call": client.bench_call,
    "async": client.bench_async,
    "decode": bench_decode,
    "mock": mock.bench_mock,
    "regenerate": regeneration.bench_regenerate,
    "slice": slices.bench_slice,
}
# Only on request: they install packages from the index, or take minutes.
ON_REQUEST: dict[str, Callable[[int], Iterator[Figure]]] = {"rivals": rivals.bench_rivals, "suite": suite.bench_suite}


def main(arguments: list[str]) -> int:
    """Print one line per figure as it is measured, or one JSON document with ``--json``."""
    parser = argparse.ArgumentParser(prog="python3 -m scripts bench", description=__doc__.split("\n\n")[0])
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"some of: {', '.join(BENCHES)} (default: all of them), rivals, suite"
    )
    parser.add_argument("--rounds", type=int, default=11, help="rounds per figure (default: 11)")
    parser.add_argument("--json", action="store_true", help="print one JSON document at the end, nothing else")
    options = parser.parse_args(arguments)
    unknown = [name for name in options.names if name not in BENCHES | ON_REQUEST]
    if unknown or options.rounds < 1:
        parser.error(f"no such bench: {unknown[0]}" if unknown else "--rounds must be at least 1")
    figures: list[Figure] = []
    for name in options.names or BENCHES:
        for figure in (BENCHES | ON_REQUEST)[name](options.rounds):
            figures.append(figure)
            if not options.json:
                print(figure.line(), flush=True)
    if options.json:
        print(json.dumps([asdict(figure) for figure in figures], indent=2))
    return 0
