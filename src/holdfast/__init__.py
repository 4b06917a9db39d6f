"""Holdfast: who is about to leave, what that is worth, and what to do about it.

The names below are loaded when first used, so that `import holdfast` and `holdfast --help` stay quick.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from holdfast.library import HowToRead, Shop, Table, VoucherQuestion, catalogue, open_shop

__all__ = ["HowToRead", "Shop", "Table", "VoucherQuestion", "catalogue", "open_shop"]


def __getattr__(name: str) -> object:
    """A name of the library, loaded now."""
    if name not in __all__:
        raise AttributeError(f"module 'holdfast' has no attribute {name!r}")
    return getattr(import_module("holdfast.library"), name)
