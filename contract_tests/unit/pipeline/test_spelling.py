"""Names on the wire become the names in Python that people would have written, and that Telnyx's own library has."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openapi_python_client import strings

from scripts.pipeline import grammar, spelling

GENERATED = Path(__file__).resolve().parents[3] / "generated"
# A plural that lost its s to a word of its own, and digits that stand alone; a name that is a number keeps its prefix.
TORN = re.compile(r"(?:^|_)(?:ur_ls?|i_ds?|sm_ss?|mm_ss?|ap_is?|pd_fs?)(?:_|$)|^(?!field_[0-9]+$).*[a-z]_[0-9]+(?:_|$)")


@pytest.mark.parametrize(
    ("wire", "expected"),
    [
        # As telnyx 4 calls them.
        ("optInWorkflowImageURLs", "opt_in_workflow_image_urls"),
        ("businessAddr1", "business_addr1"),
        ("privacyPolicyURL", "privacy_policy_url"),
        ("isTMobileNumberPoolingEnabled", "is_t_mobile_number_pooling_enabled"),
        ("AIAssistantId", "ai_assistant_id"),
        ("x402Version", "x402_version"),
        ("webhookUrl", "webhook_url"),
        ("type", "type"),
        ("from", "from_"),
        ("async", "async_"),
        # As it would.
        ("URLsToTry", "urls_to_try"),
        ("siteIDs", "site_ids"),
        ("SMSs", "smss"),
        ("sha256", "sha256"),
        ("SHA256Hash", "sha256_hash"),
        ("v1beta1Name", "v1beta1_name"),
        ("s3URL", "s3_url"),
        ("createMessaging10dlcBrand", "create_messaging_10dlc_brand"),
        ("is10DLC", "is_10dlc"),
        ("resendBrand2faEmail", "resend_brand_2fa_email"),
        ("IPv4Address", "ipv4_address"),
        ("sourceIPv6", "source_ipv6"),
        ("OAuthToken", "oauth_token"),
        ("telnyx-signature-ed25519", "telnyx_signature_ed25519"),
        ("X-Request-ID", "x_request_id"),
        ("ADDR1", "addr1"),
        ("p\\\\", "p"),  # the generator takes a backslash for a separator
        ("pQ\\\\r", "p_q_r"),
        ("line_1", "line_1"),  # somebody parted it
        ("list", "list_"),  # models name it in their annotations
        ("10999", "field_10999"),
        ("_secret", "field_secret"),
        ("größteZahl", "größte_zahl"),
    ],
)
def test_names_are_parted_where_their_words_are(wire: str, expected: str) -> None:
    assert spelling.identifier(wire) == expected
    assert spelling.identifier(expected) == expected or expected.endswith("_")


def test_the_generator_has_its_own_spelling_back_afterwards() -> None:
    with pytest.raises(ZeroDivisionError), spelling.in_generator():
        assert strings.PythonIdentifier("businessAddr1", "") == "business_addr1"
        assert strings.PythonIdentifier("type", "") == "type"
        raise ZeroDivisionError
    assert strings.PythonIdentifier("businessAddr1", "") == "business_addr_1"
    assert strings.PythonIdentifier("type", "") == "type_"


def names_in(tree: ast.AST) -> Iterator[str]:
    """The functions, methods, arguments and fields that a module offers."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name
            yield from (one.arg for one in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs))
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.target.id


def offered() -> dict[str, str]:
    """Every such name of the package, and every module, with a file that has it."""
    found: dict[str, str] = {}
    for path in sorted((GENERATED / "telnyx_bindings").rglob("*.py")):
        if "runtime" not in path.parts:
            found[path.stem] = path.name
            found |= dict.fromkeys(names_in(ast.parse(path.read_text(encoding="utf-8"))), path.name)
    return found


def described() -> dict[str, Any]:
    """The description that the package is made from."""
    contents: dict[str, Any] = json.loads((GENERATED / "openapi.effective.json").read_text(encoding="utf-8"))
    return contents


def test_no_name_of_the_package_is_torn() -> None:
    found = offered()
    assert len(found) > 800
    assert {"business_addr1", "opt_in_workflow_image_urls", "type", "from_", "filter_name_contains"} <= found.keys()
    assert {name: place for name, place in found.items() if TORN.search(name)} == {}
    assert TORN.search("opt_in_workflow_image_ur_ls")
    assert TORN.search("business_addr_1")


def test_every_property_is_a_field_of_the_name_that_is_spelled_here() -> None:
    found = offered()
    names = {name for node in grammar.walk(described()) if node.kind == "schemas" for name in properties(node)}
    assert len(names) > 300
    assert {name: spelling.identifier(name) for name in names if spelling.identifier(name) not in found} == {}


def properties(node: grammar.Node) -> Iterator[str]:
    """The properties that a schema names."""
    yield from node.value.get("properties", {})


def test_nothing_parts_words_but_this_module_and_lint_of_foreign_documents() -> None:
    root = GENERATED.parent
    asking = {
        path.relative_to(root).as_posix()
        for path in (root / "scripts").rglob("*.py")
        if re.search(r"openapi_python_client\.strings|import strings", path.read_text(encoding="utf-8"))
    }
    assert asking == {"scripts/pipeline/spelling.py", "scripts/lint/python_names.py"}
