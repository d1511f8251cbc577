package peer;

import io.smallrye.mutiny.Multi;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;

@Path("/")
public class Answers {
    @GET
    @Produces(MediaType.TEXT_PLAIN)
    public String quick() {
        return "42\n";
    }

    @GET
    @Path("slow")
    @Produces(MediaType.TEXT_PLAIN)
    public String slow() throws InterruptedException {
        Thread.sleep(1000);
        return "42\n";
    }

    @GET
    @Path("events/{count}")
    @Produces(MediaType.SERVER_SENT_EVENTS)
    public Multi<Long> events(@PathParam("count") long count) {
        return Multi.createFrom().ticks().every(Duration.ofMillis(100)).select().first(count);
    }
}
