"""What is measured of the package: the same call on both sides, over http and https, however many operations it has."""

from __future__ import annotations

import json
import ssl
from pathlib import Path

import httpx
import pytest

from scripts.benches import authority, client, https, pairing, sizes
from scripts.pipeline import counts, names
from scripts.pipeline.places import Place

ROOT = Path(__file__).resolve().parents[3]
BODY = json.dumps({"data": {"id": client.IDENTIFIER}}).encode()


def test_the_authority_vouches_for_loopback_alone(tmp_path: Path) -> None:
    trusted, context = authority.issue(tmp_path)
    assert context.verify_mode == ssl.CERT_NONE
    assert {path.name for path in tmp_path.iterdir()} == {"authority.pem", "server.pem"}
    with https.serving(BODY) as (address, other):
        with httpx.Client(verify=ssl.create_default_context(cafile=str(other)), trust_env=False) as known:
            assert [known.get(address).json()["data"]["id"] for _ in range(2)] == [client.IDENTIFIER] * 2
        with (
            httpx.Client(verify=ssl.create_default_context(cafile=str(trusted)), trust_env=False) as stranger,
            pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"),
        ):
            stranger.get(address)


@pytest.mark.parametrize(
    ("code", "paths"), [(client.OURS_TLS, (str(ROOT / "generated"),)), (client.RAW_TLS, ())], ids=["ours", "theirs"]
)
def test_both_sides_ask_over_https(code: str, paths: tuple[str, ...]) -> None:
    with https.serving(BODY) as (address, trusted):
        assert pairing.lifetime(code.format(address=address, trusted=str(trusted)), paths).seconds > 0


def test_a_repeated_description_has_every_operation_that_many_times_under_names_of_its_own() -> None:
    document = json.loads((ROOT / "generated" / "openapi.effective.json").read_text(encoding="utf-8"))
    whole = sizes.repeated(document, 3)
    assert len(counts.operations(whole)) == 3 * len(counts.operations(document))
    assert len(whole["components"]["schemas"]) == 3 * len(document["components"]["schemas"])
    methods = [one["x-sdk-method"] for *_, one in names.operations(whole)]
    assert len(set(methods)) == len(methods)
    names.check(whole, lambda pointer: Place("x", 1))
    assert sizes.repeated(document, 1) == document
