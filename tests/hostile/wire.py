"""Requests byte by byte: what no library would send."""

import re
import socket


def exchange(port: int, raw: bytes, *, seconds: float = 8.0) -> bytes:
    """What a server answers until it closes, or says nothing more."""
    with socket.create_connection(("127.0.0.1", port), timeout=seconds) as client:
        received = b""
        try:
            client.sendall(raw)
            while chunk := client.recv(65_536):
                received += chunk
        except (TimeoutError, ConnectionError):
            pass
    return received


def statuses(answer: bytes) -> list[int]:
    """The statuses of all answers on a connection."""
    return [int(each) for each in re.findall(rb"HTTP/1\.1 (\d{3}) ", answer)]


def send(port: int, method: str, path: str, *lines: str) -> tuple[int, bytes]:
    """The status of a request with these lines in its head, 0 where none came, and all of it."""
    head = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", "Connection: close", *lines]
    answer = exchange(port, "\r\n".join([*head, "", ""]).encode("latin-1"))
    return (statuses(answer) or [0])[0], answer
