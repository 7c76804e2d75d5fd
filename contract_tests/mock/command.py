"""The command: read its arguments, make the mock, serve it in the foreground until it is told to stop."""

from __future__ import annotations

import argparse
import os
import socket
import sys

from scripts.errors import InputError

from ..description import load
from .app import Mock, create_app
from .drift_catalogue import listing
from .faults import load as load_faults
from .server import is_loopback, listen, run_in_foreground

PROGRAM = "python3 -m scripts mock" if __package__ == "contract_tests.mock" else f"python3 -m {__package__}"


def parser() -> argparse.ArgumentParser:
    """The arguments of the command."""
    made = argparse.ArgumentParser(
        prog=PROGRAM,
        description="Serve the stateful mock of the API until Ctrl-C. What it is told it remembers, in memory alone.",
        epilog=f"drifts for --plant:\n{listing()}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument(
        "--port", type=_port, default=8080, metavar="PORT", help="port, 0 for any free one (default: 8080)"
    )
    made.add_argument("--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1)")
    made.add_argument("--api-key", type=_key, metavar="KEY", help="the one bearer token that passes (default: any)")
    made.add_argument("--plant", action="append", default=[], metavar="DRIFT", help="plant a drift; may be repeated")
    made.add_argument("--faults", metavar="FILE", help="faults of the network, as a YAML or JSON file says (README)")
    made.add_argument("--rate-limit", type=_positive, metavar="N", help="requests per operation and minute")
    made.add_argument("--seed", type=int, default=0, metavar="N", help="of generated ids and secrets (default: 0)")
    made.add_argument("--any-id", action="store_true", help="an unknown, well-formed id comes into being")
    made.add_argument(
        "--controls", action="store_true", help="serve what a test can do to the mock below /mock (README)"
    )
    made.add_argument("--no-seeds", action="store_true", help="start empty instead of with the seed records")
    return made


def main(arguments: list[str]) -> int:
    """Serve; 0 after SIGINT or SIGTERM. ``InputError`` for a taken port, unknown drifts or faults, bad descriptions."""
    options = parser().parse_args(arguments)
    faults, fault_seed = load_faults(options.faults) if options.faults else ([], None)
    mock = create_app(
        load(),
        api_key=options.api_key,
        plants=options.plant,
        faults=faults,
        fault_seed=fault_seed,
        seed=options.seed,
        rate_limit=options.rate_limit,
        seeds=not options.no_seeds,
        any_id=options.any_id,
    )
    sock = listen(options.host, options.port)
    if not is_loopback(sock.getsockname()[0]):
        print(f"warning: {options.host} can be reached from other machines; nothing protects the mock", file=sys.stderr)
    if options.controls:
        _serve_with_controls(mock, sock, options)
    else:
        run_in_foreground(mock, sock, _announce)
    return 0


def _announce(address: str) -> None:
    _say(f"listening on {address}")


def _say(line: str) -> None:
    """Print at once. ``InputError`` when nothing can be written: who reads the address would wait for it in vain."""
    try:
        print(line, flush=True)
    except OSError as problem:
        # What is still buffered would fail once more when the interpreter closes the output.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        reason = problem.strerror or str(problem)
        raise InputError(f"cannot write to standard output: {reason}", fix="let it lead where there is room") from None


def _serve_with_controls(mock: Mock, sock: socket.socket, options: argparse.Namespace) -> None:
    # Only who asks for controls has webhooks, and pays for importing what signs them.
    from .controls import Controls
    from .remote import PREFIX, Remote
    from .webhooks.dispatch import Webhooks

    controls = Controls(mock, Webhooks(mock.clock, options.seed), load(), options.api_key)

    try:
        key = controls.public_key
    except ImportError as problem:
        raise InputError(str(problem)) from problem

    def announce(address: str) -> None:
        _announce(address)
        _say(f"controls at {address.removesuffix(mock.base_path)}{PREFIX}/")
        _say(f"webhooks are signed for the public key {key}")

    try:
        run_in_foreground(Remote(controls), sock, announce)
    finally:
        controls.close()


def run(arguments: list[str]) -> int:
    """``main`` for a program of its own: bad input is printed and is exit code 2, Ctrl-C before the start is 130."""
    try:
        return main(arguments)
    except KeyboardInterrupt:
        return 130
    except InputError as problem:
        print(problem.render(), file=sys.stderr)
        return 2


def _port(text: str) -> int:
    value = int(text) if text.isascii() and text.isdigit() else -1
    if not 0 <= value <= 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is no port: write a number from 0 to 65535")
    return value


def _positive(text: str) -> int:
    value = int(text) if text.isascii() and text.isdigit() else 0
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of requests: write 1 or more")
    return value


def _key(text: str) -> str:
    # The text itself is never repeated: it may be a real key.
    if not text or not text.isascii() or not text.isprintable() or " " in text:
        raise argparse.ArgumentTypeError("a key has at least one character, printable ASCII without spaces")
    return text
