package com.example.shop;

import dev.lastcall.drain.DrainSignal;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;

/** Work that can end early: it asks the drain between two steps. Without a scope: one instance for all requests. */
@Path("/report")
public class ReportResource {
    @Inject
    DrainSignal signal;

    @GET
    @Produces(MediaType.TEXT_PLAIN)
    public String report(@QueryParam("chapters") int chapters) throws InterruptedException {
        DrainSignal mine = signal.current();
        int written = 0;
        while (written < chapters && !signal.isCancelled()) {
            Thread.sleep(20);
            written++;
        }
        return "chapters=" + written + " cancelled=" + mine.isCancelled() + " gone=" + mine.clientGone();
    }
}
