"""``python -m benchmarks.peers NAME SERVER PORT``: one peer in one process, under a server that is in use for it."""

import importlib
import logging
import sys
from typing import Any


def serve_with_waitress(app: Any, port: int) -> None:
    """What werobot's own `run` takes where it is installed, and what Flask's documentation names; its four threads."""
    import waitress

    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # it writes a line whenever a request waits
    waitress.serve(app, host="127.0.0.1", port=port)


def serve_with_tornado(app: Any, port: int) -> None:
    """Tornado's WSGI container: one thread, of the servers that were tried the one with the steadiest answers."""
    from tornado.httpserver import HTTPServer
    from tornado.ioloop import IOLoop
    from tornado.wsgi import WSGIContainer

    logging.getLogger("tornado.access").setLevel(logging.ERROR)  # it writes a line for every request
    HTTPServer(WSGIContainer(app)).listen(port, address="127.0.0.1")
    IOLoop.current().start()


SERVERS = {"waitress": serve_with_waitress, "tornado": serve_with_tornado}

if __name__ == "__main__":
    name, server, port = sys.argv[1:]
    SERVERS[server](importlib.import_module(f"benchmarks.peers.{name}").app, int(port))
