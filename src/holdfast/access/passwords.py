"""Passwords: argon2id, as slow for people who do not exist as for those who do."""

from functools import lru_cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from holdfast.errors import InputError

SHORTEST = 10
"""Letters. Length is what counts (NIST SP 800-63B); rules about signs and numbers only make people write it down."""

LONGEST = 1000

_hasher = PasswordHasher()
_at_once = BoundedSemaphore(2)  # each takes 64 MB and some milliseconds of a core: a flood waits in line


def hash_password(password: str) -> str:
    """What is stored of a password; InputError for one that is too short to be one."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise InputError(
            "This cannot be a password.",
            seen=f"It has {len(password)} letters.",
            todo=f"Choose {SHORTEST} to {LONGEST}; several words are easy to remember.",
        )
    with _at_once:
        return _hasher.hash(password)


def matches(stored: str | None, password: str) -> bool:
    """Whether it is the password. Where none is stored the answer is no, after the same time."""
    with _at_once:
        try:
            _hasher.verify(stored or _nobodys(), password)
        except (VerifyMismatchError, InvalidHashError):
            return False
    return stored is not None


def outdated(stored: str) -> bool:
    """Whether it was hashed with weaker parameters than today's."""
    return _hasher.check_needs_rehash(stored)


@lru_cache(maxsize=1)
def _nobodys() -> str:
    return _hasher.hash("nobody has this password")
