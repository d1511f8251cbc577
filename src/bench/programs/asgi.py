"""An answer in two halves, a fifth of a second apart."""

import asyncio


async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        while True:
            message = await receive()
            await send({"type": message["type"] + ".complete"})
            if message["type"] == "lifespan.shutdown":
                return
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": b"half ", "more_body": True})
    await asyncio.sleep(0.2)
    await send({"type": "http.response.body", "body": b"whole\n"})
