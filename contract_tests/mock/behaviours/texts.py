"""How a text travels: its encoding, in how many parts, and what smart encoding makes of it."""

from __future__ import annotations

# GSM 03.38: the characters of one septet, and those of two.
ONE_SEPTET = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
TWO_SEPTETS = frozenset("^{}\\[~]|€\f")
GSM, UCS = "GSM-7", "UCS-2"
# Typographic characters and the plain ones that smart encoding puts in their place; the API's own list is longer.
PLAIN = str.maketrans(
    {
        "\u2018": "'",
        "\u2019": "'",
        "\u201c": '"',
        "\u201d": '"',
        "\u2013": "-",
        "\u2014": "-",
        "\u2026": "...",
        "\u00a0": " ",
    }
)


def is_gsm(text: str) -> bool:
    """Whether GSM 03.38 has every character of a text."""
    return all(one in ONE_SEPTET or one in TWO_SEPTETS for one in text)


def encoding_of(text: str, *, wide: bool = False) -> tuple[str, int]:
    """How a text travels, and in how many parts: 160 septets or 70 UTF-16 units, 153 or 67 when there are several.

    ``wide``: as UCS-2 even if GSM 03.38 had every character.
    """
    if is_gsm(text) and not wide:
        size, whole, part, name = sum(2 if one in TWO_SEPTETS else 1 for one in text), 160, 153, GSM
    else:
        size, whole, part, name = len(text.encode("utf-16-le", "surrogatepass")) // 2, 70, 67, UCS
    return name, 1 if size <= whole else -(-size // part)
