"""A task of four seconds that says when it begins and when it is done."""

import os
import time

from celery import Celery

app = Celery(broker=os.environ["BROKER"])
app.conf.worker_prefetch_multiplier = 1


def note(file, name):
    with open(os.path.join(os.environ["DONE"], file), "a") as lines:
        lines.write(name + "\n")


@app.task
def work(name):
    note("begun", name)
    time.sleep(4)
    note("done", name)
