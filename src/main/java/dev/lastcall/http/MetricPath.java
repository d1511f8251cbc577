package dev.lastcall.http;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.HttpServerRequestInternal;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The path that a request has in Quarkus' metrics: what its client wrote only where that is the path of a route, since whatever else a client
 * writes would be a series of its own. Routes with a template set it themselves, and REST does. Thread-safe.
 */
final class MetricPath {
    /** The key under which Quarkus' REST stores the matched template, for metrics and traces. */
    private static final String TEMPLATE = "UrlPathTemplate";

    private static final String UNMATCHED = "UNMATCHED";

    private final Router router;
    private volatile @Nullable Known known;

    MetricPath(Router router) {
        this.router = router;
    }

    /** Must come before the routes. */
    void set(HttpServerRequest request) {
        String path = request.path();
        if (path == null || !known().contains(path)) {
            ((HttpServerRequestInternal) request).context().putLocal(TEMPLATE, UNMATCHED);
        }
    }

    private Known known() {
        Known routes = known;
        if (routes == null) {
            // With the first request every extension has added its routes.
            routes = Known.of(router.getRoutes());
            known = routes;
        }
        return routes;
    }

    /** @param templates of routes with parameters, whose template Quarkus takes from the route */
    private record Known(Set<String> paths, List<Pattern> templates) {
        static Known of(List<Route> routes) {
            Set<String> paths = new HashSet<>();
            List<Pattern> templates = new ArrayList<>();
            for (Route route : routes) {
                String path = route.getPath();
                if (path != null && path.contains(":")) {
                    templates.add(Pattern.compile(path.replaceAll(":[^/]+", "[^/]+")));
                } else if (path != null && route.isExactPath()) {
                    paths.add(path);
                }
            }
            return new Known(paths, templates);
        }

        boolean contains(String path) {
            return paths.contains(path)
                    || templates.stream()
                            .anyMatch(template -> template.matcher(path).matches());
        }
    }

    /** The template that has matched; null: none has. */
    static @Nullable String template(HttpServerRequestInternal request) {
        String template = request.context().getLocal(TEMPLATE);
        return UNMATCHED.equals(template) ? null : template;
    }
}
