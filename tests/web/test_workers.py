"""Two workers behind one port: counted together, replaced when one dies, gone within ten seconds of SIGTERM."""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mlquote.store.engine import migrate, open_engine
from mlquote.store.releases import import_folder
from tests.store.sample import token_price, write

QUOTE = "/v1/estimates/inference?provider=openai&model=gpt-4o&input_tokens=1000&as_of=2026-11-23"
COUNTED = r'mlquote_requests_total\{method="GET",route="/v1/estimates/inference",status="200"\} (\S+)'
LEAVES_WITHIN_S = 10
SEEN_WITHIN_S = 5


class Service:
    """A served service with two workers."""

    def __init__(self, process: subprocess.Popen[str], port: int) -> None:
        self.process, self.port = process, port

    def get(self, path: str) -> tuple[int, bytes]:
        """Status and body over a connection of its own; 0 where nobody answered."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)) as connection:
            try:
                connection.request("GET", path)
                answer = connection.getresponse()
                return answer.status, answer.read()
            except (OSError, http.client.HTTPException):
                return 0, b""

    def ready(self) -> None:
        """Wait until it answers."""
        for _ in range(1200):
            if self.get("/healthz")[0] == 200:
                return
            time.sleep(0.1)
        raise AssertionError("the service never answered")

    def workers(self) -> list[int]:
        """The processes that answer."""
        text = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(word) for word in text.split()]

    def counted(self) -> float:
        """Quotes answered, by all workers ever."""
        text = self.get("/metrics")[1].decode()
        found = re.search(
            r'mlquote_requests_total\{method="GET",route="/v1/estimates/inference",status="200"\} (\S+)', text
        )
        return float(found[1]) if found else 0.0

    def counted_at_last(self, wanted: float) -> bool:
        """Whether so many are counted, once each worker has written down what it just sent; never more."""
        for _ in range(100):
            if (found := self.counted()) >= wanted:
                return found == wanted
            time.sleep(0.05)
        return False


@contextmanager
def served(database_url: str, folder: Path, *more: str) -> Iterator[Service]:
    """A service on a port of its own, ended at the end; it may not answer yet."""
    if sys.platform != "linux":
        pytest.fail("this test reads /proc")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {"MLQUOTE_DATABASE_URL": database_url}
    command = [sys.executable, "-m", "mlquote", "serve", "--port", str(port), *more]
    with (
        (folder / f"log{port}").open("w") as log,
        subprocess.Popen(command, env=environment, stdout=log, stderr=log, text=True) as process,
    ):
        try:
            yield Service(process, port)
        finally:
            process.kill()


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Two workers on a port of their own."""
    folder = tmp_path_factory.mktemp("workers")
    with served(f"sqlite:///{folder}/mlquote.sqlite3", folder, "--workers", "2") as made:
        made.ready()
        yield made


def test_what_each_worker_answers_is_counted_together_and_a_dead_one_is_replaced(service: Service) -> None:
    first = [service.get(QUOTE) for _ in range(20)]
    assert {status for status, _ in first} == {200} and len({body for _, body in first}) == 1
    assert service.counted_at_last(20)
    before = service.workers()
    assert len(before) == 2
    os.kill(before[0], signal.SIGKILL)
    for _ in range(300):
        now = service.workers()
        if len(now) == 2 and before[0] not in now:
            break
        time.sleep(0.1)
    service.ready()
    assert before[1] in now
    assert service.counted_at_last(20)  # the dead worker's share is still there
    assert {service.get(QUOTE)[0] for _ in range(10)} == {200}
    assert service.counted_at_last(30)
    text = service.get("/metrics")[1].decode()
    assert "mlquote_workers 2.0" in text
    assert 'mlquote_desk_work{desk="readiness"}' not in text or 'mlquote_desk_work{desk="readiness"} 0.0' in text


def test_a_port_that_somebody_listens_at_is_refused(service: Service, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "mlquote", "serve", "--port", str(service.port), "--workers", "2"]
    environment = os.environ | {"MLQUOTE_DATABASE_URL": f"sqlite:///{tmp_path}/other.sqlite3"}
    second = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert second.returncode == 2 and "cannot listen" in second.stderr


def test_sigterm_ends_all_of_them_whatever_a_client_does(service: Service) -> None:
    workers = service.workers()
    with socket.create_connection(("127.0.0.1", service.port)) as stuck:
        stuck.sendall(b"POST /v1/estimates/training HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{")
        time.sleep(0.3)
        began = time.monotonic()
        service.process.send_signal(signal.SIGTERM)
        assert service.process.wait(LEAVES_WITHIN_S) == 0
        assert time.monotonic() - began < LEAVES_WITHIN_S
    assert not any(Path(f"/proc/{worker}").exists() for worker in workers)


def released(service: Service) -> str:
    """The release that a service answers from."""
    return str(json.loads(service.get("/readyz")[1])["release"])


def test_every_process_on_one_database_answers_from_a_new_release_within_five_seconds(
    database_url: str, tmp_path: Path
) -> None:
    engine = open_engine(database_url)
    migrate(engine)
    now = datetime(2027, 1, 1, tzinfo=UTC)
    import_folder(engine, write(tmp_path / "old", token_prices=[token_price()], published_on="2027-01-01"), now=now)
    newer = write(tmp_path / "new", token_prices=[token_price(usd="2.50")], published_on="2027-01-02")
    with served(database_url, tmp_path) as one, served(database_url, tmp_path, "--workers", "2") as two:
        one.ready()
        two.ready()
        assert released(one) == released(two)
        wanted, began = import_folder(engine, newer, now=now).release.id, time.monotonic()
        times = Counter[str]()
        while times.total() < 40 and time.monotonic() - began < SEEN_WITHIN_S:  # each worker of two is asked often
            seen = {released(one), *(released(two) for _ in range(4))}
            times = times + Counter(seen) if seen == {wanted} else Counter()
        assert times == {wanted: 40}
    engine.dispose()
