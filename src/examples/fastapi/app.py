"""A program that knows nothing of draining: uvicorn app:app --port 8000"""

import asyncio

from fastapi import FastAPI
from fastapi.responses import StreamingResponse

app = FastAPI()


@app.get("/")
async def quick():
    return {"answer": 42}


@app.get("/slow")
async def slow():
    await asyncio.sleep(1)
    return {"answer": 42}


@app.get("/events")
async def events():
    async def lines():
        for number in range(20):
            yield f"data: {number}\n\n"
            await asyncio.sleep(0.1)

    return StreamingResponse(lines(), media_type="text/event-stream")
