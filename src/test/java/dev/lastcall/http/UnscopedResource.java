package dev.lastcall.http;

import dev.lastcall.drain.DrainSignal;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;

/** A resource without a scope annotation, which REST makes once: as most applications write theirs. */
@Path("/unscoped")
public class UnscopedResource {
    @Inject
    DrainSignal signal;

    /** Whether this very request was told to end. */
    @GET
    public String isCancelled() {
        RouterResource.signal = signal.current();
        return "cancelled: " + signal.isCancelled();
    }
}
