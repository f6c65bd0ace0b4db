"""Ports for processes that are still to be started, while others ask for ports too."""

import socket

import pytest

from bot.demo.stack import free_port


def test_port_that_was_given_is_kept_for_whoever_listens_on_it() -> None:
    address = ("127.0.0.1", free_port())
    with socket.socket() as another, pytest.raises(OSError, match="in use"):
        another.bind(address)  # as another process would look for one
    with socket.create_server(address), socket.create_connection(address, timeout=5):
        pass
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(address, timeout=5)
