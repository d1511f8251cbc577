package dev.lastcall.management.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.setDefaultAssertionTimeout;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType.LaunchOptions;
import com.microsoft.playwright.Playwright;
import dev.lastcall.testing.OrphanReaper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** The browser of this machine; nothing is downloaded. */
public final class Chromium implements AutoCloseable {
    private static final List<String> PLACES = List.of(
            "/usr/bin/chromium",
            "/usr/bin/chromium-browser",
            "/usr/bin/google-chrome",
            "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome");

    private final Playwright playwright;
    public final Browser browser;

    private Chromium(Path executable) {
        setDefaultAssertionTimeout(20_000);
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new LaunchOptions()
                        .setExecutablePath(executable)
                        .setArgs(List.of(
                                "--no-sandbox",
                                "--disable-gpu",
                                "--disable-dev-shm-usage",
                                "--disable-background-networking",
                                "--disable-component-update",
                                "--no-first-run")));
        OrphanReaper.watchChildren();
    }

    /** Skips the test where there is no browser, unless CHROMIUM says that there must be one. */
    public static Chromium start() {
        Optional<Path> executable = Stream.concat(Stream.ofNullable(System.getenv("CHROMIUM")), PLACES.stream())
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst();
        if (executable.isEmpty() && System.getenv("CHROMIUM") != null) {
            throw new AssertionError("CHROMIUM: " + System.getenv("CHROMIUM") + " (expected: a program)");
        }
        Assumptions.assumeTrue(
                executable.isPresent(),
                "skipped: no Chromium on this machine (apt-get install chromium, or CHROMIUM=/path/to/it)");
        return new Chromium(executable.orElseThrow());
    }

    @Override
    public void close() {
        playwright.close();
    }
}
