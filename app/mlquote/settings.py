"""Every setting: environment name (MLQUOTE_ and the field), type, default, one line of help."""

from collections.abc import Iterable
from decimal import Decimal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from mlquote.kit.errors import Malformed, nearest

PREFIX = "MLQUOTE_"
ASKING = frozenset({"API_KEY", "SERVER", "BUDGET"})
"""Variables of those who ask: the command line and the action read them."""


class Settings(BaseSettings):
    """Read once, by main.py and cli/main.py; everyone else receives values."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, use_attribute_docstrings=True)

    database_url: str = "sqlite:///mlquote.sqlite3"
    """Where releases are kept: sqlite:///PATH or postgresql://USER@HOST/NAME."""
    release_poll_seconds: float = Field(default=1.0, gt=0, le=3600)
    """How often a running process looks for a newer release."""
    max_body_bytes: int = Field(default=1_000_000, gt=0)
    """Largest request body of a route that does not set its own limit; a larger one is 413."""
    max_config_bytes: int = Field(default=4_000_000, gt=0)
    """Largest body of one estimate: an `hf_config` may name every module that is quantised."""
    max_batch_bytes: int = Field(default=1_000_000_000, gt=0)
    """Largest batch of questions; lines are streamed, so memory does not grow with it."""
    max_release_bytes: int = Field(default=64 * 2**20, gt=0)
    """Largest release that is published over HTTP, packed and unpacked."""
    usage_job_bytes: int = Field(default=64 * 2**20, gt=0)
    """A usage log longer than this is kept and priced as a job, whose answer is awaited for a while."""
    usage_jobs_waiting: int = Field(default=32, gt=0)
    """Jobs that may wait or run at the same time; one more is 429."""
    usage_spool_bytes: int = Field(default=4 * 2**30, gt=0)
    """Most bytes of logs that are on their way to a process, and of those that wait as jobs; beyond that 429."""
    usage_job_keep_hours: float = Field(default=72.0, gt=0, le=24 * 366)
    """How long a job and its answer are kept after it is finished."""
    loss_binary_bytes: int = Field(default=64 * 2**20, gt=0)
    """Largest body of a loss question with binary arrays that is held in memory."""
    loss_binary_numbers: int = Field(default=8_000_000, gt=0)
    """Most numbers in the binary arrays of one loss question that is held in memory."""
    loss_spooled_bytes: int = Field(default=2 * 2**30, gt=0)
    """Largest multipart body of a loss question; beyond the one held in memory it is kept in a file."""
    loss_json_bytes: int = Field(default=8 * 2**20, gt=0)
    """Largest JSON body of a loss question."""
    loss_json_numbers: int = Field(default=400_000, gt=0)
    """Most numbers in the JSON of one loss question."""
    loss_seconds: float = Field(default=10.0, gt=0, le=600)
    """Longest one loss question may compute."""
    loss_at_once: int = Field(default=2, gt=0, le=64)
    """Loss questions computed at the same time; the others wait."""
    loss_waiting: int = Field(default=32, ge=0)
    """Loss questions that may wait; one more is 429."""
    loss_threads: int = Field(default=0, ge=0, le=256)
    """Threads one loss question may compute on; 0 leaves one core to the event loop."""
    loss_parse_beside_bytes: int = Field(default=2_500_000, gt=0)
    """JSON longer than this is parsed in a process of its own, so that quotes do not wait for it."""
    traces: bool = False
    """1: an OpenTelemetry span a request is sent to OTEL_EXPORTER_OTLP_ENDPOINT; needs mlquote[traces]."""
    require_key: bool = False
    """1: reading and estimating need an API key too."""
    settle_most_factor: Decimal = Field(default=Decimal(100), gt=1)
    """A settlement of more than so many times what was reserved must be sent with "confirm": true."""
    open_reading: bool = False
    """1: budgets and rate cards are read without a key even where API keys exist."""
    address_rate: str = "100/s burst 2000"
    """How often one address without a key may ask; empty: as often as it likes. This machine itself always may."""
    key_rate: str = "500/s burst 5000"
    """How often one API key may ask; empty: as often as it likes."""
    limits_store: str = ""
    """Where requests are counted: empty is each process for itself; postgresql://HOST/NAME or redis://HOST:6379/0 all
    replicas together."""
    trusted_proxies: str = "127.0.0.1,::1"
    """Addresses and networks of proxies whose X-Forwarded-For is believed; * believes everybody."""
    heavy_of_one: int = Field(default=4, gt=0)
    """Batches, logs, losses and comparisons of one address without a key that are answered at once; one more is 429."""
    heavy_of_all: int = Field(default=32, gt=0)
    """The same of all addresses together; one more is 503."""
    cors_origins: str = ""
    """Origins whose pages may ask from a browser: `https://a.example, https://b.example`, or `*`; by default none."""


def known_variables(names: Iterable[str]) -> None:
    """Refuse a variable of ours that nobody reads: a misspelt lock must not leave the door open.

    Raises: Malformed with the nearest name
    """
    known = [f"{PREFIX}{name.upper()}" for name in Settings.model_fields]
    asking = {f"{PREFIX}{name}" for name in ASKING}
    for name in sorted(names):
        is_ours = name.upper().startswith(PREFIX) and not name.upper().startswith(f"{PREFIX}TEST_")
        if is_ours and name.upper() not in known and name.upper() not in asking:
            raise Malformed(f"no setting named {name}", pointer=name, hint=nearest(name, known) or ", ".join(known))
