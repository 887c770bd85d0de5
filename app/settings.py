"""Every setting: environment name (MLQUOTE_ and the field), type, default, one line of help."""

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Read once, by main.py and cli/main.py; everyone else receives values."""

    model_config = SettingsConfigDict(env_prefix="MLQUOTE_", frozen=True, use_attribute_docstrings=True)

    database_url: str = "sqlite:///mlquote.sqlite3"
    """Where releases are kept: sqlite:///PATH or postgresql://USER@HOST/NAME."""
    release_poll_seconds: float = Field(default=2.0, gt=0, le=3600)
    """How often a running process looks for a newer release."""
    max_body_bytes: int = Field(default=1_000_000, gt=0)
    """Largest request body of a route that does not set its own limit; a larger one is 413."""
    max_batch_bytes: int = Field(default=1_000_000_000, gt=0)
    """Largest batch of questions; lines are streamed, so memory does not grow with it."""
    require_key: bool = False
    """1: reading and estimating need an API key too."""
