package dev.lastcall.histories;

import static dev.lastcall.testing.Futures.await;

import dev.lastcall.drain.Drain;
import dev.lastcall.drain.DrainSettings;
import dev.lastcall.drain.FakeTime;
import dev.lastcall.drain.InFlight;
import dev.lastcall.http.GatedServer;
import dev.lastcall.proxy.ServedSidecar;
import dev.lastcall.testing.stubborn.TimedAnswers;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;

/** The place where a history happens: real servers and sockets, on a drain whose clock the history moves. */
record Seat(Drain drain, InFlight inFlight, FakeTime time, int port, Runnable end) implements AutoCloseable {
    enum Kind {
        SERVICE,
        SIDECAR
    }

    static Seat of(Kind kind) {
        return kind == Kind.SERVICE ? service() : sidecar();
    }

    private static Seat service() {
        GatedServer server =
                new GatedServer(DrainSettings.defaults(), exchange -> TimedAnswers.answer(exchange.request()));
        return new Seat(server.drain, server.inFlight, server.time, server.port(), server::close);
    }

    private static Seat sidecar() {
        Vertx vertx = Vertx.vertx();
        HttpServer application = await(
                vertx.createHttpServer().requestHandler(TimedAnswers::answer).listen(0, "127.0.0.1"));
        ServedSidecar sidecar = new ServedSidecar(application.actualPort());
        return new Seat(sidecar.drain, sidecar.inFlight, sidecar.time, sidecar.port(), () -> {
            sidecar.close();
            await(vertx.close());
        });
    }

    @Override
    public void close() {
        end.run();
    }
}
