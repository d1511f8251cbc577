package dev.lastcall.testing.stubborn;

import io.smallrye.common.annotation.Blocking;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;

/** Takes a worker thread and does not give it back, whatever is done to the thread. */
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
