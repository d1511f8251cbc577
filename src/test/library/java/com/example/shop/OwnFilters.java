package com.example.shop;

import io.quarkus.vertx.http.runtime.filters.Filters;
import jakarta.enterprise.event.Observes;
import org.jboss.logging.Logger;

/** A filter that wants to be the first of all. */
public class OwnFilters {
    private static final Logger LOG = Logger.getLogger(OwnFilters.class);

    void register(@Observes Filters filters) {
        filters.register(
                routing -> {
                    LOG.infof("own filter: %s", routing.request().uri());
                    routing.next();
                },
                Integer.MAX_VALUE);
    }
}
