"""Small files that people write: mappings, policies, rules and rates, in JSON or YAML."""

from pathlib import Path

import yaml

from holdfast.errors import InputError


def read_document(path: Path) -> dict[str, object]:
    """The one object in a JSON or YAML file (JSON is YAML); InputError for anything else."""
    try:
        value = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise InputError(
            f"{path.name} cannot be read as JSON or YAML.", seen=str(error).splitlines()[0], todo="Check the file."
        ) from error
    if not isinstance(value, dict):
        raise InputError(
            f"{path.name} should hold one object with names and values.",
            seen=f"It holds a {type(value).__name__}.",
            todo='Write it like {"customer_id": "CustomerID"} or customer_id: CustomerID.',
        )
    return {str(key): each for key, each in value.items()}
