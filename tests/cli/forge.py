"""A forge small enough to watch: it keeps comments, as GitHub's and GitLab's APIs do."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Forge:
    """Where it listens, the comments it keeps, and every request that changed one."""

    url: str = ""
    comments: list[dict] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)
    refuses: bool = False


@contextmanager
def forge() -> Iterator[Forge]:
    """A forge that listens while the context lasts."""
    state = Forge()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # the library names it
            if self.path == "/user":
                self._send({"message": "Resource not accessible by integration"}, 403)
                return
            self._send(state.comments if "page=1" in self.path else [])

        def do_POST(self) -> None:  # the library names it
            self._change(None)

        def do_DELETE(self) -> None:  # the library names it
            state.changes.append(f"DELETE {self.path}")
            number = int(self.path.rpartition("/")[2])
            state.comments[:] = [comment for comment in state.comments if comment["id"] != number]
            self.send_response(204)
            self.end_headers()

        def do_PATCH(self) -> None:  # the library names it
            self._change(int(self.path.rpartition("/")[2]))

        do_PUT = do_PATCH  # noqa: N815  # the library names it

        def _change(self, number: int | None) -> None:
            sent = json.loads(self.rfile.read(int(self.headers["content-length"])))
            if self.path == "/graphql":
                state.changes.append(f"hide {sent['variables']['id']}")
                self._send({"errors": [{"message": "no such comment"}]} if state.refuses else {"data": {}})
                return
            body = sent["body"]
            if state.refuses:
                self._send({"message": "Resource not accessible by integration"}, 403)
                return
            state.changes.append(f"{self.command} {self.path}")
            if number is None:
                author = {"login": "github-actions[bot]"}
                number = max((comment["id"] for comment in state.comments), default=0) + 1
                comment = {"id": number, "node_id": f"IC_{number}", "body": body, "user": author}
                state.comments.append(comment)
            else:
                next(comment for comment in state.comments if comment["id"] == number)["body"] = body
            self._send({})

        def _send(self, answer: object, status: int = 200) -> None:
            text = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("content-length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_: object) -> None:
            """Quietly."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    state.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield state
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()
