"""An answer in two halves, a fifth of a second apart."""

import time


def app(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    yield b"half "
    time.sleep(0.2)
    yield b"whole\n"
