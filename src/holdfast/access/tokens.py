"""Random texts that open doors: keys, session cookies, links. What is stored is their SHA-256, never they themselves.

They are random enough (256 bits) that a fast hash is as safe as a slow one: there is nothing to guess.
"""

import secrets
from hashlib import sha256


def new_token(kind: str) -> str:
    """Such as `hf_...`: 43 letters that nobody can guess, with a beginning that a scanner for leaked keys can find."""
    return f"{kind}_{secrets.token_urlsafe(32)}"


def hashed(token: str) -> str:
    """What is stored of a token."""
    return sha256(token.encode()).hexdigest()
