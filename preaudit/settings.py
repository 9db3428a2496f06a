"""Every setting of Preaudit, once. Environment variables with the prefix PREAUDIT_; docs/settings.md lists them (tested)."""

import os
import re
from functools import lru_cache
from pathlib import Path
from zoneinfo import available_timezones

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from preaudit.errors import PreauditError

REPOSITORY = Path(__file__).resolve().parent.parent

# Derived from settings for dbt_project/profiles.yml (orchestration/dbt.py); not to be set by hand.
DBT_VARIABLES = {"PREAUDIT_WAREHOUSE", "PREAUDIT_SPILL"}
DBT_PREFIX = "PREAUDIT_RUN_"


class Settings(BaseSettings):
    """Frozen and strict; `get_settings` refuses a PREAUDIT_ variable that is none of these."""

    model_config = SettingsConfigDict(env_prefix="PREAUDIT_", frozen=True, extra="forbid")

    home: Path = Field(REPOSITORY / "var", description="Folder of all run state: warehouse, snapshots, MLflow, Dagster.")
    landing: Path = Field(
        REPOSITORY / "data" / "sample" / "landing", description="Folder that deliveries arrive in: <source>/<day>/<feed>.<ext>."
    )
    source_time_zone: str = Field("UTC", description="Time zone of timestamps that carry no offset, and of the local day.")
    settle_seconds: float = Field(
        2.0, ge=0, description="A file younger than this is taken to be still copied and waits for the next run."
    )
    horizon_days: int = Field(30, ge=1, le=365, description="The forecast's headline horizon in days.")
    training_weekday: int = Field(
        7, ge=1, le=7, description="ISO weekday (1 = Monday) of the weekly as-of dates a model is trained on."
    )
    min_matured_failures: int = Field(50, ge=1, description="Fewest matured failures from which a model may be trained.")
    capacity_agents_ratio: float = Field(
        0.05, gt=0, le=1, description="Share of agents that operations can act on: the list length k."
    )
    capacity_processes_ratio: float = Field(
        0.10, gt=0, le=1, description="Share of processes that operations can act on: the list length k."
    )
    auto_promote: bool = Field(
        False, description="Let a challenger that passes the gate become champion without a person's approval."
    )
    drift_psi_limit: float = Field(
        0.25, gt=0, description="Population stability index above which an input or the scores count as drifted; wider for few."
    )
    champion_max_age_days: int = Field(
        90, ge=1, description="Days since the last outcome a champion was trained on after which it has expired."
    )
    retraining_pause_days: int = Field(
        7, ge=1, description="Days after a training in which neither drift nor expiry starts another one."
    )
    random_seed: int = Field(7, description="Seed of every random choice in training and evaluation.")
    threads: int = Field(2, ge=1, description="Processor threads of DuckDB and LightGBM.")
    memory_limit: str = Field("6GB", description="Memory limit of DuckDB; larger work spills to disk under home.")
    console_store: SecretStr = Field(
        SecretStr(""), description="Database address of the console's own store; empty: SQLite in <home>/console/console.db."
    )
    console_address: str = Field(
        "", description="Address people reach the console at, such as https://preaudit.example.com; empty: where it is started."
    )
    console_idle_minutes: int = Field(60, ge=1, description="A session ends after so many minutes without a request.")
    console_session_hours: int = Field(12, ge=1, description="A session ends after so many hours, used or not.")
    console_oidc_issuer: str = Field("", description="Issuer of the OpenID Connect provider; empty: local users only.")
    console_oidc_client_id: str = Field("", description="The console's client id at that provider.")
    console_oidc_client_secret: SecretStr = Field(SecretStr(""), description="The console's client secret at that provider.")
    console_oidc_role_claim: str = Field(
        "roles", description="Claim of the ID token that holds a role of the console, alone or in a list."
    )
    console_reveal_hours: int = Field(8, ge=1, description="How long an agreed reveal of an agent's id can be read.")
    console_record_days: int = Field(14, ge=1, le=90, description="How long a worker's link to their own record can be opened.")

    @field_validator("source_time_zone")
    @classmethod
    def _is_time_zone(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError("no time zone of that name, for example Europe/Berlin")
        return value

    @field_validator("memory_limit")
    @classmethod
    def _is_size(cls, value: str) -> str:
        if not re.fullmatch(r"\d+(\.\d+)? ?[KMGT]i?B", value):
            raise ValueError("no size, for example 6GB")
        return value

    @property
    def warehouse(self) -> Path:
        return self.home / "warehouse.duckdb"

    @property
    def published(self) -> Path:
        return self.home / "published"

    @property
    def console_home(self) -> Path:
        return self.home / "console"

    @property
    def console_store_url(self) -> str:
        return self.console_store.get_secret_value() or f"sqlite:///{(self.console_home / 'console.db').resolve()}"

    @property
    def data_docs(self) -> Path:
        return self.home / "data_docs"

    @property
    def dagster_home(self) -> Path:
        return self.home / "dagster"

    @property
    def mlflow_home(self) -> Path:
        return self.home / "mlflow"


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """The settings of this process, read from the environment once (tests call `get_settings.cache_clear()`).

    Raises:
        PreauditError: a variable with our prefix is no setting, or a value cannot be read.
    """
    known = {f"PREAUDIT_{name.upper()}" for name in Settings.model_fields} | DBT_VARIABLES
    unknown = sorted(
        name for name in os.environ if name.startswith("PREAUDIT_") and name not in known and not name.startswith(DBT_PREFIX)
    )
    if unknown:
        raise PreauditError(
            f"{', '.join(unknown)} is not a setting.",
            where="the environment",
            remedy="docs/settings.md lists them; correct or unset it.",
        )
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = f"PREAUDIT_{str(first['loc'][0]).upper()}"
        raise PreauditError(
            f"{name}: {first['msg']} (given: {first['input']!r}).", where="the environment", remedy="See docs/settings.md."
        ) from error
