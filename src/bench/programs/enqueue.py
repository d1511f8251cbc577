"""Takes tasks: /task?NAME."""

import tasks


async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        while True:
            message = await receive()
            await send({"type": message["type"] + ".complete"})
            if message["type"] == "lifespan.shutdown":
                return
    if scope["path"] == "/task":
        name = scope["query_string"].decode()
        tasks.work.delay(name)
        tasks.note("accepted", name)
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"accepted\n"})
