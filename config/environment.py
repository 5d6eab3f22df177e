"""What an operator may set: each variable, its default, and what is refused.

`.env.example` documents them for the operator; `settings.py` turns them into Django's.
"""

import os
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Self
from urllib.parse import unquote, urlsplit

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict
from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from redis import ConnectionPool

from config.refusal import CannotStart

CHECKOUT = Path(__file__).resolve().parent.parent
LOCAL_HOSTS = ["localhost", ".localhost", "127.0.0.1", "[::1]"]
SHORTEST_SECRET = 50


class Environment(BaseSettings):
    """The variables of the process, and below them those of `.env` in the checkout."""

    model_config = SettingsConfigDict(
        env_file=CHECKOUT / ".env", env_ignore_empty=True, extra="ignore", frozen=True
    )

    database_url: str | None = None
    redis_url: str | None = None
    secret_key: SecretStr | None = None
    secret_key_fallbacks: Annotated[list[str], NoDecode] = Field(default_factory=list, repr=False)
    allowed_hosts: Annotated[list[str], NoDecode] = Field(default_factory=list)
    debug: bool = False
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    threads: int = Field(default=4, ge=1, le=64)
    workers: int = Field(default_factory=lambda: min(os.process_cpu_count() or 1, 4), ge=1, le=64)
    worker_memory: int = Field(default=1_000, ge=200)
    statement_timeout: float = Field(default=20, ge=0)
    idle_timeout: float = Field(default=60, ge=0)
    behind_proxy: bool = False
    mail_url: SecretStr | None = None
    mail_from: str | None = None
    static_root: Path = CHECKOUT / "staticfiles"
    thrillwiki_home: Path = CHECKOUT / ".thrillwiki"

    @property
    def is_local(self) -> bool:
        """Whether this is somebody's own machine, where plain HTTP and no set-up are right."""
        return self.debug or self.database_url is None

    @field_validator("allowed_hosts", "secret_key_fallbacks", mode="before")
    @classmethod
    def _split_at_commas(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        return [each.strip() for each in value.split(",") if each.strip()]

    @field_validator("allowed_hosts")
    @classmethod
    def _host_names_only(cls, hosts: list[str]) -> list[str]:
        for host in hosts:
            if "/" in host:
                raise ValueError(f"“{host}” is an address; write the host's name alone")
        return hosts

    @field_validator("database_url")
    @classmethod
    def _is_postgresql(cls, url: str | None) -> str | None:
        if url is None:
            return None
        if urlsplit(url).scheme not in {"postgresql", "postgres"}:
            raise ValueError("only PostgreSQL is supported, as postgresql://user@host:5432/name")
        try:
            parameters = conninfo_to_dict(url)
        except ProgrammingError as error:
            raise ValueError(f"PostgreSQL cannot read it ({str(error).strip()})") from error
        if not parameters.get("dbname"):
            raise ValueError("it names no database; write postgresql://user@host:5432/name")
        return url

    @field_validator("redis_url")
    @classmethod
    def _is_redis(cls, url: str | None) -> str | None:
        if url is None:
            return None
        if urlsplit(url).scheme not in {"redis", "rediss", "unix"}:
            raise ValueError("write redis://host:6379/0, rediss://… or unix:///path/to.sock")
        try:
            _ = urlsplit(url).port  # which must be one that there can be
            ConnectionPool.from_url(url).make_connection()  # asks nobody yet
        except (ValueError, TypeError) as error:
            raise ValueError(f"Redis's client cannot read it ({error})") from None
        return url

    @field_validator("mail_url")
    @classmethod
    def _is_a_mail_server(cls, url: SecretStr | None) -> SecretStr | None:
        if url is not None:
            parts = urlsplit(url.get_secret_value())
            if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
                raise ValueError("write smtp://user:password@mail.example:587, or smtps://…")
            _ = parts.port  # which must be one that there can be
        return url

    @field_validator("thrillwiki_home", "static_root")
    @classmethod
    def _is_a_folder(cls, path: Path) -> Path:
        # Servers are found again by the folder's name, and it has one without links alone.
        path = path.expanduser().resolve()
        if path.exists() and not path.is_dir():
            raise ValueError(f"{path} is not a folder")
        return path

    @model_validator(mode="after")
    def _mail_is_complete(self) -> Self:
        if (self.mail_url is None) != (self.mail_from is None):
            raise ValueError("MAIL_URL and MAIL_FROM are set together, or neither of them")
        return self

    @model_validator(mode="after")
    def _complete_for_production(self) -> Self:
        if self.is_local:
            return self
        if self.secret_key is None:
            raise ValueError("SECRET_KEY must be set where DATABASE_URL is")
        if len(self.secret_key.get_secret_value()) < SHORTEST_SECRET:
            raise ValueError(f"SECRET_KEY must have at least {SHORTEST_SECRET} characters")
        if not self.allowed_hosts:
            raise ValueError("ALLOWED_HOSTS must name the hosts where DATABASE_URL is set")
        return self

    def database_parameters(self) -> dict[str, Any]:
        """DATABASE_URL taken apart, by libpq's own reading of it."""
        return {} if self.database_url is None else dict(conninfo_to_dict(self.database_url))

    def mail_server(self) -> dict[str, Any] | None:
        """MAIL_URL taken apart, as the options of Django's SMTP backend."""
        if self.mail_url is None:
            return None
        parts = urlsplit(self.mail_url.get_secret_value())
        is_tls = parts.scheme == "smtps"
        return {
            "host": parts.hostname,
            "port": parts.port or (465 if is_tls else 587),
            "username": unquote(parts.username or ""),
            "password": unquote(parts.password or ""),
            "use_ssl": is_tls,
            # A name goes over the network in the clear otherwise.
            "use_tls": not is_tls and bool(parts.username),
            "timeout": 10,
        }


@cache
def environment() -> Environment:
    """The environment, read once. A wrong value is a CannotStart that names every one of them."""
    try:
        return Environment()
    except ValidationError as error:
        problems = "; ".join(_sentence(each) for each in error.errors())
        raise CannotStart(
            f"{problems}.",
            f"Correct it in the environment or in {CHECKOUT / '.env'}; "
            ".env.example explains each variable.",
        ) from None


def _sentence(error: ErrorDetails) -> str:
    # The value itself is left out: a URL may hold a password, and logs are kept.
    message = error["msg"].removeprefix("Value error, ")
    name = str(error["loc"][0]).upper() if error["loc"] else ""
    return f"{name} is wrong: {message}" if name else message
