package com.example.shop;

import io.quarkus.runtime.Quarkus;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;

/** Ends the process as application code does. */
@Path("/end")
public class EndResource {
    @POST
    @Path("/exit")
    public void exit() {
        new Thread(() -> System.exit(0), "application-exit").start();
    }

    @POST
    @Path("/async")
    public void async() {
        Quarkus.asyncExit(7);
    }
}
