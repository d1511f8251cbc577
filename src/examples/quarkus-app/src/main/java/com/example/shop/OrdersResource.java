package com.example.shop;

import io.agroal.api.AgroalDataSource;
import io.smallrye.mutiny.Multi;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.sql.SQLException;
import java.time.Duration;

/** Orders in a database, and a feed of events. It knows nothing of any drain. */
@Path("/orders")
public class OrdersResource {
    private static final String SLOW = "select count(*) from system_range(1, 3)";

    private final AgroalDataSource database;

    OrdersResource(AgroalDataSource database) {
        this.database = database;
    }

    /** Takes as long as it is told to, and uses the database at the end. */
    @POST
    @Produces(MediaType.TEXT_PLAIN)
    public String order(@QueryParam("ms") @DefaultValue("0") long ms) throws SQLException, InterruptedException {
        Thread.sleep(ms);
        try (var connection = database.getConnection();
                var rows = connection.createStatement().executeQuery(SLOW)) {
            rows.next();
            return "ordered " + rows.getInt(1);
        }
    }

    /** Events without an end. */
    @GET
    @Path("/feed")
    @Produces(MediaType.SERVER_SENT_EVENTS)
    public Multi<String> feed(@QueryParam("ms") @DefaultValue("50") long ms) {
        return Multi.createFrom()
                .ticks()
                .every(Duration.ofMillis(ms))
                .onOverflow()
                .drop()
                .map(tick -> "order " + tick);
    }

    /** The same as lines of JSON. */
    @GET
    @Path("/lines")
    @Produces("application/x-ndjson")
    public Multi<String> lines() {
        return Multi.createFrom()
                .ticks()
                .every(Duration.ofMillis(50))
                .onOverflow()
                .drop()
                .map(tick -> "{\"order\":" + tick + "}");
    }
}
