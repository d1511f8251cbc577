package dev.lastcall.management;

import dev.lastcall.management.ManagementConfig.PreStopHeader;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * Refuses a preStop that a page may have sent: {@code <img src="http://POD:9000/drain/pre-stop">}. A browser sends no {@code Origin} for an
 * image and no {@code Sec-Fetch-Site} over plain http, but no image, link or form can send a header of our own. A GET with an effect needs
 * such a proof of its caller (RFC 9110, 9.2.1).
 */
final class PreStopGuard implements Handler<RoutingContext> {
    static final String HEADER = "X-Lastcall-Pre-Stop";

    private static final Logger LOG = Logger.getLogger(PreStopGuard.class);

    private final PreStopHeader demand;
    private final Handler<RoutingContext> next;
    private final AtomicBoolean warned = new AtomicBoolean();

    PreStopGuard(PreStopHeader demand, Handler<RoutingContext> next) {
        this.demand = demand;
        this.next = next;
    }

    @Override
    public void handle(RoutingContext exchange) {
        HttpServerRequest request = exchange.request();
        if (demand == PreStopHeader.IGNORED || request.headers().contains(HEADER)) {
            next.handle(exchange);
        } else if (demand == PreStopHeader.REQUIRED || isFromABrowser(request)) {
            Answers.problem(
                    exchange,
                    new ManagementProblem(
                            ManagementProblem.Kind.PRE_STOP_HEADER_REQUIRED,
                            "a pre-stop without the header " + HEADER + ", which a page in a browser could have sent",
                            "send " + HEADER + ": 1; in a manifest " + inTheManifest()));
        } else {
            warn();
            next.handle(exchange);
        }
    }

    /** Once for each process: a manifest does not change meanwhile. */
    private void warn() {
        if (warned.compareAndSet(false, true)) {
            LOG.warnf(
                    "a pre-stop came without the header %s, by which it is told from a page in a browser: add %s, then set"
                            + " lastcall.management.pre-stop-header=required",
                    HEADER, inTheManifest());
        }
    }

    private static String inTheManifest() {
        return "httpHeaders: [{name: " + HEADER + ", value: \"1\"}] below lifecycle.preStop.httpGet";
    }

    /** Whether a request has a header that browsers send with everything they load, and kubelets and curl do not. */
    private static boolean isFromABrowser(HttpServerRequest request) {
        boolean marked = Stream.of("Accept-Language", "Referer", "Cookie", "Upgrade-Insecure-Requests")
                .anyMatch(request.headers()::contains);
        boolean client = request.headers().names().stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .anyMatch(name -> name.startsWith("sec-"));
        return marked
                || client
                || says(request, "User-Agent", "mozilla")
                || says(request, "Accept", "text/html")
                || says(request, "Accept", "image/")
                || says(request, "Accept", "text/css");
    }

    private static boolean says(HttpServerRequest request, String name, String part) {
        return request.headers().getAll(name).stream()
                .anyMatch(value -> value.toLowerCase(Locale.ROOT).contains(part));
    }
}
