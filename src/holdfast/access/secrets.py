"""The server's secret: as set, else made once and kept in the home folder."""

import hmac
import os
import secrets
from hashlib import sha256

from filelock import FileLock

from holdfast.settings import Settings

FILE_NAME = "secret"


def secret_of(settings: Settings) -> str:
    """The secret of these settings. One that was not set is made at first use, readable by its owner alone.

    It has to stay the same: what was hashed with it is not found again with another one. It belongs into a backup.
    """
    if settings.secret is not None:
        return settings.secret
    path = settings.home / FILE_NAME
    if not path.exists():
        settings.home.mkdir(parents=True, exist_ok=True)
        with FileLock(path.with_suffix(".lock")):
            if not path.exists():
                keep_secret(settings, secrets.token_urlsafe(48))
    return path.read_text(encoding="ascii")


def keep_secret(settings: Settings, secret: str) -> None:
    """Keep a secret in the home folder, readable by its owner alone; such as the one of a backup."""
    part = settings.home / f"{FILE_NAME}.part"
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secret)
    part.replace(settings.home / FILE_NAME)


def keyed_hash(secret: str, text: str) -> str:
    """A hash that nobody without the secret can compute: a list of all customer ids does not undo it."""
    return hmac.new(secret.encode(), text.encode(), sha256).hexdigest()
