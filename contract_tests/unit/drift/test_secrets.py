"""Markers planted as token, secret, telephone number and webhook reach no artefact, in whatever form one looks."""

from __future__ import annotations

import base64
import binascii
import gzip
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote_to_bytes

import pytest

from contract_tests.description import load
from contract_tests.drift import history, reading
from contract_tests.drift.proposals import propose
from contract_tests.exchange import REDACTED, Exchange, Redactor, spellings
from contract_tests.mock.app import create_app
from contract_tests.mock.server import serve
from contract_tests.mock.store import Collection
from scripts import contract

pytestmark = pytest.mark.takes(15)

TOKEN, SECRET = "KEYmarkerTOKEN4711+/x", "markerSECRET0815q+/z"
NUMBER, WEBHOOK = "+14805550199", "https://hooks.marker-example.net/in?to=a&key=b"
MARKERS = (TOKEN, SECRET, NUMBER, WEBHOOK, "marker-example", "4805550199")
ONLY = ("retrieveMessagingProfile", "retrievePhoneNumberMessagingSettings", "listPhoneNumberMessagingSettings")


def forms(data: bytes) -> Iterator[bytes]:
    """The bytes themselves, and what comes out when they are decoded in the usual ways."""
    yield data
    yield unquote_to_bytes(data)
    yield data.replace(b"\\/", b"/").replace(b"\\u002b", b"+").replace(b"&amp;", b"&")
    for found in re.findall(rb"[A-Za-z0-9+/_-]{12,}={0,2}", data):
        for start in range(4):
            piece = found[start:].rstrip(b"=").translate(bytes.maketrans(b"-_", b"+/"))
            try:
                yield base64.b64decode(piece + b"=" * (-len(piece) % 4))
            except binascii.Error:
                continue
    for match in re.finditer(rb"\x1f\x8b\x08", data):
        try:
            yield zlib.decompressobj(31).decompress(data[match.start() :])
        except zlib.error:
            continue


def leaks(data: bytes) -> set[str]:
    return {marker for form in forms(data) for marker in MARKERS if marker.encode() in form}


@pytest.mark.parametrize("marker", MARKERS)
def test_the_search_finds_every_form(marker: str) -> None:
    plain = marker.encode()
    percent = b"".join(b"%%%02X" % byte for byte in plain)
    packed = b"x" * 7 + gzip.compress(plain)
    for form in (plain, percent, base64.b64encode(b"ab" + plain), base64.b64encode(plain), packed):
        assert marker in leaks(b"before " + form + b" after")


def always_holding(monkeypatch: pytest.MonkeyPatch, records: Collection, markers: dict[str, str]) -> None:
    """Put markers into all records of a collection, also into those that the run makes: a finding may show any."""
    for way in ("insert", "replace"):
        keep = getattr(records, way)
        monkeypatch.setattr(records, way, lambda record, keep=keep: keep({**record, **markers}))
    for record in list(records):
        records.replace(record)


def test_no_artefact_holds_a_marker(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TELNYX_API_KEY", TOKEN)
    plants = ["change-response-type:name", "add-response-field:colour", "status:retrieveMessagingProfile:201"]
    mock = create_app(load(), api_key=TOKEN, plants=plants)
    always_holding(monkeypatch, mock.store["messaging_profiles"], {"v1_secret": SECRET, "webhook_url": WEBHOOK})
    always_holding(monkeypatch, mock.store["phone_number_messaging_settings"], {"phone_number": NUMBER})
    reports, past = tmp_path / "reports", tmp_path / "history.sqlite"
    with serve(mock) as base_url:
        arguments = ["--target", base_url, "--budget", "quick", "--report-dir", str(reports), "--only", *ONLY]
        assert contract.main(arguments) == 1
    captured = capfd.readouterr()
    report = reading.read(reports)
    history.record(past, report)
    (tmp_path / "proposals").write_text("".join(one.text for one in propose.propose(report, ROOT).proposals), "utf-8")
    artefacts = {path.name: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert artefacts.keys() == {"drift.html", "drift.json", "drift.md", "junit.xml", "history.sqlite", "proposals"}
    shown = artefacts["drift.json"].decode()
    # The answers that the findings show did hold all of them.
    for name in ("v1_secret", "webhook_url", "phone_number"):
        assert f'"{name}": "{REDACTED}"' in shown, name
    artefacts |= {"stdout": captured.out.encode(), "stderr": captured.err.encode()}
    assert {name: leaks(data) for name, data in artefacts.items() if leaks(data)} == {}


ROOT = Path(__file__).resolve().parents[3]
BODY = b'{"data": {"phone_number": "+14805550199", "webhook_url": "https://public.example/", "n": "made-up-value"}}'


def exchange(request_body: bytes = b"", body: bytes = BODY) -> Exchange:
    return Exchange("o", "GET", "http://127.0.0.1:1/v2/x/%2B14805550199", {}, request_body, 200, {}, body, 0.0)


def redactor() -> Redactor:
    public = ["https://public.example/"]
    return Redactor(secrets=[TOKEN], personal=["phone_number", "webhook_url"], public=public)


def test_personal_values_are_hidden_unless_the_description_shows_them_itself() -> None:
    one = redactor()
    one.learn(exchange())
    shown = one.exchange(exchange())
    assert shown["response_body"]["data"]["phone_number"] == REDACTED
    assert shown["response_body"]["data"]["webhook_url"] == "https://public.example/"
    assert shown["url"] == f"http://127.0.0.1:1/v2/x/{REDACTED}"
    assert one.text("call 14805550199 now") == f"call {REDACTED} now"


def test_what_the_suite_made_up_is_shown_until_the_target_is_known_to_hold_it() -> None:
    one = redactor()
    one.learn(exchange(request_body=BODY))
    assert one.exchange(exchange())["response_body"]["data"]["phone_number"] == "+14805550199"
    one = redactor()
    one.learn(exchange())
    one.learn(exchange(request_body=BODY))
    assert one.exchange(exchange())["response_body"]["data"]["phone_number"] == REDACTED


@pytest.mark.parametrize(
    "spelt",
    [
        "KEY/a+b&c",
        "KEY%2Fa%2Bb%26c",
        "KEY/a%2Bb%26c",
        "KEY\\/a+b&c",
        "KEY/a+b&amp;c",
        "S0VZL2ErYiZj",
        "4b45592f612b622663",
    ],
)
def test_each_way_to_write_a_secret_is_known(spelt: str) -> None:
    assert Redactor(secrets=["KEY/a+b&c"]).text(f"<{spelt}>") == f"<{REDACTED}>"


def test_a_personal_value_that_is_too_short_to_be_searched_for_is_hidden_in_its_place() -> None:
    one = redactor()
    one.learn(exchange(body=b'{"phone_number": "+123"}'))
    assert one.value({"phone_number": "+123", "webhook_url": "", "n": "+123"}) == {
        "phone_number": REDACTED,
        "webhook_url": "",
        "n": "+123",
    }


@pytest.mark.parametrize("marker", [TOKEN, SECRET, NUMBER, WEBHOOK])
def test_every_spelling_of_a_secret_is_taken_out(marker: str) -> None:
    one = Redactor(secrets=[marker])
    for spelling in spellings(marker):
        assert leaks(one.text(f"x {spelling} y").encode()) == set()
