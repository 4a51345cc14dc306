"""What fields and the values of closed lists are called, in the languages that messages are written in."""

import re

from app.services.labels.fields import FIELDS
from app.services.labels.options import OPTIONS
from app.services.messages.languages import CHINESE

__all__ = ["field_label", "option_label"]

_ABBREVIATED = {"id": "ID", "url": "URL", "pct": "(%)", "sku": "SKU", "utm": "UTM", "fx": "FX"}


def field_label(name: str, language: str) -> str:
    """What a field is called."""
    return FIELDS[name] if language == CHINESE else _english(re.sub(r"(?<=[a-z])(?=[A-Z0-9])", " ", name))


def option_label(value: str, language: str) -> str:
    """What a value of a closed list is called."""
    return OPTIONS[value] if language == CHINESE else _english(value.replace("_", " "))


def _english(words: str) -> str:
    """`lifecycle stage` → `Lifecycle stage`."""
    found = [_ABBREVIATED.get(word, word) for word in words.lower().split()]
    return found[0][:1].upper() + " ".join(found)[1:]
