package dev.lastcall.management.console;

/**
 * The frame that all pages of the console share: head, header, alerts and footer.
 *
 * @param title before the product's name
 * @param skipTo the words for what the main part shows
 * @param pod the pod that serves the page
 * @param asOf the time of what it shows
 * @param refresh the path of the page
 * @param announcement what a screen reader says of it
 * @param links of the footer
 */
record PageFrame(String title, String skipTo, Html pod, Html asOf, String refresh, String announcement, Html links) {
    private static final String SKELETON = """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>{} · Lastcall</title>
            <link rel="icon" href="/console/icon.svg" type="image/svg+xml">
            <link rel="stylesheet" href="/console/console.css">
            <script src="/console/console.js" defer></script>
            </head>
            <body>
            <a class="skip" href="#main">Skip to {}</a>
            <header>
            <p class="mark"><span aria-hidden="true" class="bell">◗</span> Lastcall</p>
            <p class="pod">{}</p>
            <p class="live" id="link">As of {} UTC. <a href="{}">Refresh</a></p>
            </header>
            <main id="main" tabindex="-1">
            <p class="unseen" id="announcement" role="status" aria-live="polite">{}</p>
            <p class="alert" id="alert" role="alert" hidden></p>
            {}</main>
            <footer><p>{}</p></footer>
            </body>
            </html>
            """;

    /** The whole page. */
    String around(Html main) {
        return Html.of(SKELETON, title, skipTo, pod, asOf, refresh, announcement, main, links)
                .toString();
    }
}
