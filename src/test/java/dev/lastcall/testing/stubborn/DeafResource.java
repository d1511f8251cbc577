package dev.lastcall.testing.stubborn;

import io.smallrye.common.annotation.Blocking;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;

/** Blocks a worker thread for ever and ignores interrupts. */
@Path("/deaf")
@Singleton
public class DeafResource {
    @GET
    @Blocking
    public String block() {
        Deafness.forEver();
        return "never";
    }
}
