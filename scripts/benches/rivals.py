"""What else there is, measured the same way: Telnyx's own SDK, and the plain generator's output.

Both live in an environment of their own below ``.bench/``, which the command makes when it is asked for them (the SDK
comes from the package index) and which Git ignores. The generator's output is made from our description, without our
templates and without anything laid over it.
"""

from __future__ import annotations

import compileall
import json
import subprocess
import sys
import venv
from collections.abc import Callable, Iterator
from pathlib import Path

from scripts.benches import pairing
from scripts.benches.client import AT_ONCE, CALLS, CHANGES, IDENTIFIER, PROFILE, RAW, TOKEN
from scripts.benches.pairing import Figure
from scripts.bootstrap import ROOT

FOLDER = ROOT / ".bench"
INSTALLED = ("telnyx==4.189.0", "httpx==0.28.1", "attrs==26.1.0", "httpx-aiohttp==0.2.0")
PLAIN = "plain_bindings"

SDK = f"""
import telnyx
client = telnyx.Telnyx(api_key="{TOKEN}", base_url={{address!r}})
assert client.messaging_profiles.retrieve("{IDENTIFIER}").data.id
"""
GENERATED = f"""
from uuid import UUID
from {PLAIN} import AuthenticatedClient
from {PLAIN}.api.messaging_profiles import retrieve_messaging_profile
client = AuthenticatedClient(base_url={{address!r}}, token="{TOKEN}")
assert retrieve_messaging_profile.sync(UUID("{IDENTIFIER}"), client=client).data.id
"""

# Runs in the other environment: prints the seconds of CPU of one call, once a round, after a line that says go.
WORKER = f"""
import asyncio, json, sys, time
from uuid import UUID
kind, address, rounds = sys.argv[1], sys.argv[2], int(sys.argv[3])
changes = {CHANGES!r}
headers = {{"authorization": "Bearer {TOKEN}"}}
if kind == "raw":
    import httpx
    raw = httpx.Client(base_url=address, headers=headers)
    get = lambda: raw.get("{PROFILE}").json()
    patch = lambda: raw.patch("{PROFILE}", json=changes).json()
elif kind == "sdk":
    import telnyx
    sdk = telnyx.Telnyx(api_key="{TOKEN}", base_url=address)
    get = lambda: sdk.messaging_profiles.retrieve("{IDENTIFIER}")
    patch = lambda: sdk.messaging_profiles.update("{IDENTIFIER}", **changes)
else:
    from {PLAIN} import AuthenticatedClient
    from {PLAIN}.api.messaging_profiles import retrieve_messaging_profile, update_messaging_profile
    from {PLAIN}.models import MessagingProfileUpdate
    plain = AuthenticatedClient(base_url=address, token="{TOKEN}")
    get = lambda: retrieve_messaging_profile.sync(UUID("{IDENTIFIER}"), client=plain)
    patch = lambda: update_messaging_profile.sync(
        UUID("{IDENTIFIER}"), client=plain, body=MessagingProfileUpdate(**changes)
    )
def once():
    found = []
    for call in (get, patch):
        started = time.process_time()
        for _ in range({CALLS}):
            call()
        found.append((time.process_time() - started) / {CALLS})
    return found
once()
for line in sys.stdin:
    print(json.dumps(once()), flush=True)
"""

CONCURRENT = f"""
import asyncio, json, sys, time
kind, address, rounds = sys.argv[1], sys.argv[2], int(sys.argv[3])
async def main():
    if kind == "raw":
        import httpx
        client = httpx.AsyncClient(base_url=address, headers={{"authorization": "Bearer {TOKEN}"}})
        async def get():
            return (await client.get("{PROFILE}")).json()
    elif kind == "aiohttp":
        import httpx_aiohttp
        from telnyx_bindings import AsyncTelnyx
        client = AsyncTelnyx("{TOKEN}", base_url=address, transport=httpx_aiohttp.AiohttpTransport)
        async def get():
            return await client.messaging_profiles.retrieve("{IDENTIFIER}")
    else:
        import telnyx
        client = telnyx.AsyncTelnyx(api_key="{TOKEN}", base_url=address)
        async def get():
            return await client.messaging_profiles.retrieve("{IDENTIFIER}")
    async def caller():
        for _ in range(5):
            await get()
    async def once():
        started = time.process_time()
        await asyncio.gather(*[caller() for _ in range({AT_ONCE})])
        return [(time.process_time() - started) / ({AT_ONCE} * 5)]
    await once()
    for line in sys.stdin:
        print(json.dumps(await once()), flush=True)
    await (client.close() if kind == "sdk" else client.aclose())
asyncio.run(main())
"""


def bench_rivals(rounds: int) -> Iterator[Figure]:
    """The others' process, memory, and CPU of calls, each against raw httpx in the same environment."""
    from contract_tests import own_mock

    python = _environment()
    with own_mock.running(TOKEN) as address:
        for name, code in (("official SDK", SDK), ("plain generator", GENERATED)):
            yield from pairing.lifetimes(
                f"{name}: process",
                lambda code=code: pairing.lifetime(code.format(address=address), (str(FOLDER),), python),  # type: ignore[misc]
                lambda: pairing.lifetime(RAW.format(address=address), (), python),
                rounds,
            )
        for name, kind in (("official SDK", "sdk"), ("plain generator", "plain")):
            yield from _workers(python, WORKER, name, kind, ("GET", "PATCH"), address, rounds)
        at_once = (f"GET, {AT_ONCE} at once",)
        yield from _workers(python, CONCURRENT, "official SDK", "sdk", at_once, address, rounds)
        yield from _workers(python, CONCURRENT, "this package, aiohttp", "aiohttp", at_once, address, rounds)


def _workers(
    python: str, code: str, name: str, kind: str, calls: tuple[str, ...], address: str, rounds: int
) -> Iterator[Figure]:
    """The figures of a worker process against one with raw httpx, taking turns."""
    with _Worker(python, code, kind, address, rounds) as ours, _Worker(python, code, "raw", address, rounds) as theirs:
        pairs = [(ours(), theirs()) if number % 2 else (theirs(), ours())[::-1] for number in range(rounds)]
    for place, call in enumerate(calls):
        measured, against = ([one[side][place] for one in pairs] for side in (0, 1))
        yield pairing.figure(f"{name}: CPU of one {call}", "raw httpx + json", measured, against)


class _Worker:
    """A process that measures itself when it is told to."""

    def __init__(self, python: str, code: str, kind: str, address: str, rounds: int) -> None:
        environment = {**pairing.clean_environment(), "PYTHONPATH": f"{FOLDER}:{ROOT / 'generated'}"}
        self._process = subprocess.Popen(
            [python, "-c", code, kind, address, str(rounds)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )

    def __enter__(self) -> Callable[[], list[float]]:
        return self._measure

    def _measure(self) -> list[float]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write("go\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("a process that was to be measured has ended; what it said stands above")
        found: list[float] = json.loads(line)
        return found

    def __exit__(self, *problem: object) -> None:
        self._process.communicate()


def _environment() -> str:
    """The interpreter of the rivals' environment, made when it is not there yet or has other versions."""
    stamp, python = FOLDER / "installed", FOLDER / "venv" / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    description = (ROOT / "generated" / "openapi.effective.json").read_text(encoding="utf-8")
    wanted = "\n".join((*INSTALLED, description))
    if not stamp.is_file() or stamp.read_text(encoding="utf-8") != wanted:
        print(f"installing {', '.join(INSTALLED)} into {FOLDER.name}/venv", file=sys.stderr, flush=True)
        venv.create(FOLDER / "venv", with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *INSTALLED], check=True)
        _generate(FOLDER / PLAIN)
        compileall.compile_dir(FOLDER, quiet=2)
        stamp.write_text(wanted, encoding="utf-8")
    return str(python)


def _generate(target: Path) -> None:
    """What openapi-python-client makes of the description by itself."""
    settings = FOLDER / "plain.json"
    settings.write_text(json.dumps({"package_name_override": PLAIN, "project_name_override": PLAIN}), encoding="utf-8")
    command = [sys.executable, "-m", "openapi_python_client", "generate", "--meta", "none", "--overwrite"]
    command += ["--config", str(settings), "--output-path", str(target)]
    command += ["--path", str(ROOT / "generated" / "openapi.effective.json")]
    # It says at length that nothing formats its output, which is nothing to us.
    subprocess.run(command, check=True, capture_output=True)
