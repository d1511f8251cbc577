"""Draws the figures of growth.sh: one SVG of two panels for each CSV file in the folder. Arguments: the folder."""

import csv
import html
import math
import os
import sys

FOLDER = sys.argv[1]
WIDTH, HEIGHT = 440, 300
LEFT, RIGHT, TOP, BOTTOM = 62, 16, 58, 44
COLOURS = ["#2563eb", "#d97706", "#059669"]
STYLE = """
text{font:12px system-ui,sans-serif;fill:#1f2937}.title{font-weight:600;font-size:13px}.axis{stroke:#6b7280}.grid{stroke:#e5e7eb}
.card{fill:#fff}@media(prefers-color-scheme:dark){text{fill:#e5e7eb}.grid{stroke:#374151}.axis{stroke:#9ca3af}.card{fill:#111827}}
"""

# File: its panels, each with a title, the column of x, and its lines: name, column of y, and which rows, where a file holds several seats.
PICTURES = {
    "requests": [
        ("CPU of a request, µs", "connections", "at_once", [("sidecar", "us_per_request", "sidecar"), ("service", "us_per_request", "service")]),
        ("p99 at saturation, ms", "connections", "at_once", [("sidecar", "p99_ms", "sidecar"), ("service", "p99_ms", "service")]),
    ],
    "streams": [
        ("CPU of a relayed event, µs", "streams of 10 events/s", "at_once", [("sidecar", "us_per_event", "sidecar")]),
        ("delay of an event, p99, ms", "streams of 10 events/s", "at_once", [("sidecar", "p99_ms", "sidecar"), ("without a proxy", "p99_ms", "none")]),
    ],
    "runs": [
        ("CPU of a durable token, µs", "runs of 20 tokens/s", "runs", [("pod", "pod_us_per_token", None), ("PostgreSQL", "postgres_us_per_token", None)]),
        ("tokens/s at the clients", "runs of 20 tokens/s", "runs", [("heard", "tokens_per_s", None), ("offered", "offered_per_s", None)]),
    ],
}


def rows_of(name):
    path = os.path.join(FOLDER, name + ".csv")
    if not os.path.exists(path):
        return None
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def points(rows, x, y, seat):
    return [(float(row[x]), float(row[y])) for row in rows if (seat is None or row["seat"] == seat) and row[y]]


def decades(low, high):
    """Powers of ten that hold both, one apart at least."""
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    return first, max(last, first + 1)


def number(value):
    return "%g" % value if value < 10000 else "%gk" % (value / 1000)


def panel(at, rows, title, x_title, x, lines):
    series = [(name, points(rows, x, y, seat)) for name, y, seat in lines]
    every = [point for _, each in series for point in each]
    x_low, x_high = decades(min(p[0] for p in every), max(p[0] for p in every))
    y_low, y_high = decades(min(p[1] for p in every), max(p[1] for p in every))
    across = lambda value: at + LEFT + (math.log10(value) - x_low) / (x_high - x_low) * (WIDTH - LEFT - RIGHT)
    down = lambda value: HEIGHT - BOTTOM - (math.log10(value) - y_low) / (y_high - y_low) * (HEIGHT - TOP - BOTTOM)
    text = ['<text class="title" x="%d" y="20">%s</text>' % (at + LEFT, html.escape(title))]
    for power in range(y_low, y_high + 1):
        y = down(10.0**power)
        text.append('<line class="grid" x1="%d" x2="%d" y1="%.1f" y2="%.1f"/>' % (at + LEFT, at + WIDTH - RIGHT, y, y))
        text.append('<text x="%d" y="%.1f" text-anchor="end">%s</text>' % (at + LEFT - 6, y + 4, number(10.0**power)))
    for power in range(x_low, x_high + 1):
        where = across(10.0**power)
        text.append('<line class="grid" x1="%.1f" x2="%.1f" y1="%d" y2="%d"/>' % (where, where, TOP, HEIGHT - BOTTOM))
        text.append('<text x="%.1f" y="%d" text-anchor="middle">%s</text>' % (where, HEIGHT - BOTTOM + 16, number(10.0**power)))
    text.append('<text x="%d" y="%d" text-anchor="middle">%s</text>' % (at + (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8, html.escape(x_title)))
    for index, (name, each) in enumerate(series):
        colour = COLOURS[index]
        path = " ".join("%.1f,%.1f" % (across(p[0]), down(p[1])) for p in each)
        text.append('<polyline fill="none" stroke="%s" stroke-width="2" points="%s"/>' % (colour, path))
        for p in each:
            text.append('<circle cx="%.1f" cy="%.1f" r="3.5" fill="%s"><title>%s: %s, %s</title></circle>' % (across(p[0]), down(p[1]), colour, html.escape(name), number(p[0]), number(p[1])))
        key = at + LEFT + index * 150
        text.append('<rect x="%d" y="32" width="12" height="12" rx="2" fill="%s"/><text x="%d" y="42">%s</text>' % (key, colour, key + 18, html.escape(name)))
    return text


def draw(name, rows):
    width = WIDTH * 2
    text = ['<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" role="img">' % (width, HEIGHT, width, HEIGHT)]
    text.append("<style>%s</style>" % " ".join(STYLE.split()))
    text.append('<rect class="card" width="%d" height="%d"/>' % (width, HEIGHT))
    for index, each in enumerate(PICTURES[name]):
        text += panel(index * WIDTH, rows, *each)
    text.append("</svg>\n")
    with open(os.path.join(FOLDER, name + ".svg"), "w") as file:
        file.write("\n".join(text))


def main():
    drawn = 0
    for name in PICTURES:
        rows = rows_of(name)
        if rows:
            draw(name, rows)
            drawn += 1
    if not drawn:
        raise SystemExit("growth: %s has no figures (expected: requests.csv, streams.csv or runs.csv)" % FOLDER)


main()
