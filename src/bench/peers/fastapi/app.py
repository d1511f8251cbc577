"""uvicorn waits for requests under way by itself; its preStop is a sleep."""

import asyncio

from fastapi import FastAPI
from fastapi.responses import StreamingResponse

app = FastAPI()


@app.get("/")
async def quick():
    return 42


@app.get("/slow")
async def slow():
    await asyncio.sleep(1)
    return 42


@app.get("/events/{count}")
async def events(count: int):
    async def lines():
        for number in range(count):
            yield f"data: {number}\n\n"
            await asyncio.sleep(0.1)

    return StreamingResponse(lines(), media_type="text/event-stream")
