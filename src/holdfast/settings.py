"""The one place for settings: arguments of a door, then environment, then a YAML file, then the defaults below.

`docs/settings.md` is written from these fields by `make docs`, and a test insists that it agrees.
"""

import os
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml
from pydantic import BeforeValidator, Field, ValidationError, field_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from holdfast.errors import SettingsError

PREFIX = "HOLDFAST_"
CONFIG_VARIABLE = "HOLDFAST_CONFIG"
FILE_NAME = "holdfast.yaml"
PLATFORM_NAMES = ("PORT", "CORS_ORIGINS")
"""Set by hosting platforms under these very names, read where ours are not set."""


_CUTOFFS_EXPECTED = "Input should be two rising numbers above zero such as 1,2"


def _pair(value: object) -> object:
    """Two values, also written as one text, the way the environment has to: `1,2`."""
    parts = value.split(",") if isinstance(value, str) else value
    if not isinstance(parts, list | tuple) or len(parts) != 2:
        raise ValueError(_CUTOFFS_EXPECTED)
    return parts


def _listed(value: object) -> object:
    """Several values, also written as one text, the way the environment has to: `a,b`."""
    return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value


class Settings(BaseSettings):
    """Every setting with its default and its range; frozen. Doors make one with `load`."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, extra="forbid", frozen=True, validate_default=True
    )

    home: Path = Field(default=Path("~/.holdfast"), description="Folder that holds everything: data sets, mappings.")
    tenant: str = Field(
        default="default",
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$",
        description="The shop a call is about: up to 63 letters, digits, `.`, `-` and `_`, no sign first.",
    )
    memory_limit: str | None = Field(
        default=None,
        pattern=r"^[1-9]\d*(\.\d+)? ?([KMGTkmgt][Ii]?[Bb])$",
        description="Memory the SQL engine may take, such as `4GB`. Not set: 80 % of the machine.",
    )
    threads: int | None = Field(
        default=None, ge=1, le=1024, description="Workers of the SQL engine. Not set: one a core, at most 8."
    )
    spill: Path | None = Field(
        default=None, description="Folder for what does not fit into memory. Not set: `tmp` in the home folder."
    )
    policy: str = Field(
        default="default",
        min_length=1,
        description="Cleaning policy: `default`, `simple`, `none`, or the path of a policy file.",
    )
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] | None = Field(
        default=None, description="Currency of amounts where a file does not say, as ISO 4217 code such as `EUR`."
    )
    time_zone: str = Field(
        default="UTC",
        description="Time zone of the shop, as IANA name such as `Europe/London`: it decides what a day is.",
    )
    horizon_days: int = Field(default=90, ge=1, le=730, description="How far predictions look, in days.")
    margin: float = Field(
        default=0.3, ge=0, le=1, description="Share of revenue that is left where the costs of orders are not known."
    )
    discount_rate: float = Field(default=0.1, ge=0, le=10, description="What money loses in a year of waiting.")
    value_years: float = Field(default=1.0, gt=0, le=10, description="How far customer lifetime value looks, in years.")
    incentive: float | None = Field(
        default=None,
        ge=0,
        description="What an incentive costs, in the shop's currency. Not set: a tenth of the usual order.",
    )
    incentive_success_rate: float = Field(
        default=0.1, gt=0, le=1, description="Share of leaving customers that an incentive keeps, until measured."
    )
    risk_cutoffs: Annotated[tuple[float, float], NoDecode, BeforeValidator(_pair)] = Field(
        default=(1.0, 2.0),
        description="Churn ratio (days since last order / median gap) from which risk is Medium, and above which High.",
    )
    archetypes: int = Field(default=3, ge=2, le=8, description="How many customer archetypes K-Means looks for.")
    archetypes_by_stability: bool = Field(
        default=False, description="Choose the number of archetypes, 2 to 6, by how stable they are."
    )
    archetypes_with_engagement: bool = Field(
        default=False, description="Add engagement (products, order value, recent orders) to recency, frequency, money."
    )
    keep_datasets: int = Field(
        default=3, ge=1, le=1000, description="How many versions of a shop's data set stay; older ones are removed."
    )
    database_url: str | None = Field(
        default=None,
        pattern=r"^(sqlite|postgres|postgresql)(\+psycopg)?://",
        description="Where keys, users, jobs and the audit log are kept, such as "
        "`postgresql://user:password@host/name`. Not set: SQLite in the home folder.",
    )
    redis_url: str | None = Field(
        default=None,
        pattern=r"^rediss?://",
        description="Redis that several servers share as a cache, such as `redis://host:6379/0`. Not set: memory.",
    )
    storage_url: str | None = Field(
        default=None,
        pattern=r"^(s3|file)://",
        description="Where data sets and models are kept, such as `s3://bucket/folder`; the home folder is then a copy "
        "of what is in use. Not set: the home folder alone.",
    )
    storage_endpoint: str | None = Field(
        default=None,
        pattern=r"^https?://",
        description="Address of S3-compatible storage that is not Amazon's. Keys are read from `AWS_ACCESS_KEY_ID` and "
        "`AWS_SECRET_ACCESS_KEY`, the region from `AWS_REGION`.",
    )
    warehouse_url: str | None = Field(
        default=None,
        pattern=r"^snowflake://",
        description="Warehouse that makes the layers of voucher histories on demand, such as "
        "`snowflake://user:password@account/DATABASE?warehouse=NAME&role=NAME`. Needs `holdfast[snowflake]`.",
    )
    voucher_budget: float | None = Field(
        default=None, ge=0, le=1e12, description="Face value of vouchers that may be offered in a calendar month."
    )
    voucher_per_customer: int | None = Field(
        default=None, ge=0, le=1000, description="Vouchers that one customer may be offered within 365 days."
    )
    voucher_cool_down_days: int = Field(
        default=0, ge=0, le=3650, description="Days that have to lie between two vouchers of one customer."
    )
    voucher_explore: float = Field(
        default=0.1, ge=0, le=1, description="Share of voucher offers with an amount at random, or none, to learn from."
    )
    voucher_outcome_days: int = Field(
        default=30, ge=1, le=365, description="How long after an offer what a customer buys counts as its outcome."
    )
    contact_days: int = Field(
        default=30,
        ge=0,
        le=730,
        description="How long a customer who was contacted is on no other action list, in days.",
    )
    host: str = Field(default="127.0.0.1", min_length=1, description="Address that `holdfast serve` listens on.")
    port: int = Field(
        default=8000,
        ge=0,
        le=65535,
        description="Port that it listens on; 0 takes a free one. `PORT` is read too.",
    )
    cors_origins: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed)] = Field(
        default=(),
        description="Addresses of pages hosted elsewhere that may call the API, with commas between. `CORS_ORIGINS` is "
        "read too.",
    )
    allowed_hosts: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed)] = Field(
        default=(),
        description="Host names under which the server may be addressed, with commas between. Not set: loopback names "
        "and `host`.",
    )
    secret: str | None = Field(
        default=None,
        min_length=32,
        description="At least 32 characters that nobody else knows; signs what the server hands out. Needed when "
        "`host` is not loopback; not set: made once and kept in the home folder.",
    )
    workers: int = Field(
        default=1, ge=0, le=64, description="Job workers that `holdfast serve` starts; 0 if they run elsewhere."
    )
    train_after_import: bool = Field(
        default=True, description="Whether an import through the API trains a new model afterwards."
    )
    upload_limit_mb: int = Field(
        default=2048, ge=1, le=1_000_000, description="Largest upload, also once unpacked, in megabytes."
    )
    private_addresses: bool = Field(
        default=False,
        description="Whether imports may be fetched from private addresses, such as a server in the same network.",
    )
    requests_per_minute: int = Field(
        default=6000, ge=0, le=10_000_000, description="Requests a key or a user may make in a minute; 0: no limit."
    )
    session_hours: int = Field(default=12, ge=1, le=720, description="How long a sign-in on the page lasts.")
    cache_seconds: int = Field(default=3600, ge=0, le=86_400, description="How long an answer stays in the cache.")
    log_format: Literal["text", "json"] = Field(default="text", description="Logs for people, or one JSON a line.")
    seed: int = Field(
        default=7, ge=0, le=2**32 - 1, description="Start of every random draw: the same seed, the same answer."
    )

    @property
    def spill_folder(self) -> Path:
        """Where the engine writes what does not fit into memory."""
        return self.spill or self.home / "tmp"

    @field_validator("home", "spill")
    @classmethod
    def _expand(cls, path: Path | None) -> Path | None:
        return _expanded(path) if path else path

    @field_validator("time_zone")
    @classmethod
    def _exists(cls, time_zone: str) -> str:
        try:
            return ZoneInfo(time_zone).key
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:  # OSError: the name of a folder, such as Europe
            raise ValueError("Input should be an IANA time zone such as Europe/London") from error

    @field_validator("risk_cutoffs")
    @classmethod
    def _rises(cls, cutoffs: tuple[float, float]) -> tuple[float, float]:
        medium, high = cutoffs
        if not 0 < medium < high < float("inf"):
            raise ValueError(_CUTOFFS_EXPECTED)
        return cutoffs

    @classmethod
    def load(cls, arguments: Mapping[str, object] | None = None) -> Self:
        """Settings from the arguments of a door (None = not given), the environment and the YAML file.

        Raises SettingsError, naming all that is wrong at once.
        """
        given: dict[str, Any] = {name: value for name, value in (arguments or {}).items() if value is not None}
        environment = {key.upper(): value for key, value in os.environ.items() if value}
        home = given.get("home") or environment.get(PREFIX + "HOME") or cls.model_fields["home"].default
        for name in PLATFORM_NAMES:  # ours wins over theirs
            if environment.get(name) and PREFIX + name not in environment:
                given.setdefault(name.lower(), environment[name])
        in_file = _read(environment.get(CONFIG_VARIABLE), home=_expanded(Path(home)))
        not_overruled = {name: value for name, value in in_file.items() if PREFIX + name.upper() not in environment}
        try:
            return cls(**{**not_overruled, **given})
        except ValidationError as error:
            raise _explained(error) from error


def _expanded(path: Path) -> Path:
    """The path with `~` replaced; in a container the user may have no home."""
    try:
        return path.expanduser()
    except RuntimeError as error:
        raise SettingsError(
            "A folder cannot be found.",
            seen=f"{path}: nobody of that name has a home folder here.",
            todo=f"Set {PREFIX}HOME, or whichever setting it is, to a path without ~.",
        ) from error


def _read(named: str | None, *, home: Path) -> dict[str, Any]:
    """The keys of the YAML file that was named, else of the one at home, if it is there; an empty file has none."""
    path = _expanded(Path(named)) if named else home / FILE_NAME
    if not named and not path.is_file():
        return {}
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise SettingsError(
            f"The settings file {path} cannot be read.",
            seen=" ".join(str(error).split()),
            todo=f"Mend the file, or point {CONFIG_VARIABLE} to another one.",
        ) from error
    if not isinstance(content, dict):
        raise SettingsError(
            f"The settings file {path} holds no settings.",
            seen=f"It is a {type(content).__name__}.",
            todo="Write one setting a line, such as: time_zone: Europe/London",
        )
    return {str(key): value for key, value in content.items()}


def _explained(error: ValidationError) -> SettingsError:
    """All that is wrong with the settings, in one error."""
    problems = [_problem(str(each["loc"][0]), each["input"], each["type"], each["msg"]) for each in error.errors()]
    return SettingsError(
        "A setting is wrong." if len(problems) == 1 else f"{len(problems)} settings are wrong.",
        seen=" ".join(f"{problem['setting']} is {problem['seen']!r}: {problem['expected']}." for problem in problems),
        todo=f"Correct it: as argument, as {PREFIX}NAME in the environment, or in {FILE_NAME} (docs/settings.md).",
        details={"settings": problems},
    )


def _problem(name: str, seen: object, kind: str, message: str) -> dict[str, object]:
    """One wrong setting: its name, the value seen, what was expected."""
    expected = message.removeprefix("Value error, ").replace("Input should", "it should")
    if kind == "extra_forbidden":
        (near,) = get_close_matches(name, Settings.model_fields, n=1, cutoff=0)
        expected = f"there is no such setting, the nearest is {near}"
    elif kind == "string_pattern_mismatch":
        expected = f"it should fit its description ({str(Settings.model_fields[name].description).rstrip('.')})"
    return {"setting": name, "seen": seen, "expected": expected}


def reference() -> str:
    """The page docs/settings.md."""
    rows = [
        f"| `{name}` | `{PREFIX}{name.upper()}` | {_default(field)} | {_range(field)} | {field.description} |"
        for name, field in Settings.model_fields.items()
    ]
    return _PAGE + "\n".join(rows) + "\n"


def _default(field: FieldInfo) -> str:
    value = field.default
    if isinstance(value, tuple):
        value = ",".join(f"{part:g}" for part in value)
    return "not set" if value in (None, "") else f"`{value}`"


def _range(field: FieldInfo) -> str:
    bounds = [getattr(limit, side) for limit in field.metadata for side in ("ge", "le") if hasattr(limit, side)]
    return " to ".join(map(str, bounds))


_PAGE = f"""# Settings

Nothing has to be set. What is set counts in this order: an argument of the command (such as `--home`), a variable of
the environment, a line of the YAML file, the default. The YAML file is the one that `{CONFIG_VARIABLE}` names, else
`{FILE_NAME}` in the home folder. An unknown key or a value out of range is an error that says which and why.

```yaml
# {FILE_NAME}
time_zone: Europe/London
currency: GBP
memory_limit: 4GB
```

| setting | environment | default | range | what it is |
| --- | --- | --- | --- | --- |
"""
