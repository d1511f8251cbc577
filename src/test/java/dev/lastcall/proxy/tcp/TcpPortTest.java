package dev.lastcall.proxy.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.lastcall.drain.Drain;
import dev.lastcall.drain.DrainSettings;
import dev.lastcall.drain.DrainState;
import dev.lastcall.drain.EntryClass;
import dev.lastcall.drain.FakeTime;
import dev.lastcall.drain.InFlight;
import dev.lastcall.drain.Totals;
import dev.lastcall.drain.Trigger;
import dev.lastcall.http.RawClient;
import dev.lastcall.proxy.Upstream;
import dev.lastcall.proxy.settings.HostPort;
import dev.lastcall.testing.Futures;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TcpPortTest {
    private static final int MANY = 100;
    private static final int LARGE = 64 << 20;

    private final FakeTime time = new FakeTime();
    private final InFlight inFlight = new InFlight(time);
    private final Drain drain = new Drain(DrainSettings.defaults(), time, inFlight);
    private final Vertx vertx = Vertx.vertx();
    private final Upstream echo = new Upstream(client -> {
        while (true) {
            client.send(client.readTo("\r\n").strip());
        }
    });

    @AfterEach
    void close() {
        echo.close();
        Futures.await(vertx.close());
    }

    private int listen(int upstream) throws Exception {
        TcpUpstream to =
                new TcpUpstream((VertxInternal) vertx, new HostPort("127.0.0.1", upstream), Duration.ofSeconds(1));
        return new TcpPort("db", new HostPort("127.0.0.1", 0), to, drain, inFlight)
                .start()
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS)
                .port();
    }

    private void enterDraining() {
        drain.trigger(Trigger.SIGTERM);
        time.runPending();
        time.advance(Duration.ofSeconds(10));
    }

    private List<RawClient> connect(int port, int count) throws IOException {
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            RawClient client = new RawClient(port);
            client.send("hello " + i);
            assertThat(client.readTo("\r\n")).isEqualTo("hello " + i + "\r\n");
            clients.add(client);
        }
        return clients;
    }

    @Test
    void hundredConnectionsAreDrainedAndTheStuckOneIsCut() throws Exception {
        int port = listen(echo.port());
        List<RawClient> clients = connect(port, MANY + 1);
        assertThat(inFlight.countByClass()).containsEntry(EntryClass.TCP, MANY + 1L);
        enterDraining();
        assertThatThrownBy(() -> new RawClient(port).send("x").readTo("x")).isInstanceOf(IOException.class);
        for (RawClient client : clients.subList(1, clients.size())) {
            client.send("last");
            assertThat(client.readTo("\r\n")).isEqualTo("last\r\n");
            client.close();
        }
        await().untilAsserted(() -> assertThat(inFlight.count()).isOne());
        assertThat(drain.state()).isEqualTo(DrainState.DRAINING);
        time.advance(Duration.ofSeconds(30));
        assertThat(drain.state()).isEqualTo(DrainState.DRAINED);
        assertThat(inFlight.totals().cut()).isOne();
        assertThat(inFlight.cuts().named()).singleElement().satisfies(cut -> assertThat(cut.path())
                .isEqualTo("db"));
        assertThatThrownBy(() -> clients.get(0).readTo("x")).isInstanceOf(IOException.class);
    }

    @Test
    void undrainedItListensAgainOnTheSamePort() throws Exception {
        int port = listen(echo.port());
        drain.trigger(Trigger.OPERATOR);
        time.runPending();
        time.advance(Duration.ofMinutes(2));
        assertThat(drain.state()).isEqualTo(DrainState.DRAINED);
        await().untilAsserted(() -> assertThatThrownBy(
                        () -> new RawClient(port).send("x").readTo("x"))
                .isInstanceOf(IOException.class));
        drain.undrain();
        time.runPending();
        await().ignoreExceptions().untilAsserted(() -> connect(port, 1).get(0).close());
    }

    @Test
    void endOfOneDirectionLeavesTheOther() throws Exception {
        try (Upstream counting = new Upstream(client -> {
                    int length = client.readToEnd().length;
                    client.send("read " + length);
                });
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), listen(counting.port()));
                RawClient client = new RawClient(socket)) {
            client.sendBytes(new byte[12345]);
            socket.shutdownOutput();
            assertThat(new String(client.readToEnd(), StandardCharsets.ISO_8859_1))
                    .isEqualTo("read 12345\r\n");
        }
        await().untilAsserted(() -> assertThat(inFlight.totals()).isEqualTo(new Totals(1, 0, 0, 0, 0, 0)));
    }

    @Test
    void bytesWaitForTheirReaderAndArriveWhole() throws Exception {
        AtomicLong sent = new AtomicLong();
        try (Upstream pouring = new Upstream(client -> {
                    for (int i = 0; i < LARGE >> 16; i++) {
                        client.sendBytes(new byte[1 << 16]);
                        sent.addAndGet(1 << 16);
                    }
                });
                RawClient client = new RawClient(listen(pouring.port()))) {
            await().until(() -> {
                long before = sent.get();
                TimeUnit.MILLISECONDS.sleep(500);
                return before > 0 && before == sent.get();
            });
            assertThat(sent.get()).isLessThan(LARGE);
            assertThat(client.readToEnd()).hasSize(LARGE);
        }
    }

    @Test
    void clientsOfAnApplicationThatIsDownAreReset() throws Exception {
        int closed = echo.port();
        echo.close();
        try (RawClient client = new RawClient(listen(closed))) {
            assertThatThrownBy(() -> client.readTo("x")).isInstanceOfAny(IOException.class, AssertionError.class);
        }
        await().untilAsserted(() -> assertThat(inFlight.count()).isZero());
    }

    @Test
    void clientThatVanishesHasLeft() throws Exception {
        int port = listen(echo.port());
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoLinger(true, 0);
            await().untilAsserted(() -> assertThat(inFlight.count()).isOne());
        }
        await().untilAsserted(() -> assertThat(inFlight.totals()).isEqualTo(new Totals(0, 0, 0, 1, 0, 0)));
    }

    @Test
    void portThatIsTakenDuringTheUndrainIsTriedAgain() throws Exception {
        TcpUpstream to =
                new TcpUpstream((VertxInternal) vertx, new HostPort("127.0.0.1", echo.port()), Duration.ofSeconds(1));
        TcpPort tcp = new TcpPort("db", new HostPort("127.0.0.1", 0), to, drain, inFlight);
        int port = tcp.start().toCompletableFuture().get(10, TimeUnit.SECONDS).port();
        assertThat(tcp.isReady()).isTrue();
        drain.trigger(Trigger.OPERATOR);
        time.runPending();
        time.advance(Duration.ofMinutes(2));
        assertThat(drain.state()).isEqualTo(DrainState.DRAINED);
        assertThat(tcp.isReady()).isTrue();
        try (ServerSocket thief = new ServerSocket()) {
            await().ignoreExceptions().until(() -> {
                thief.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                return true;
            });
            drain.undrain();
            time.runPending();
            await().untilAsserted(() -> assertThat(tcp.isReady()).isFalse());
            TimeUnit.SECONDS.sleep(1);
        }
        await().untilAsserted(() -> assertThat(tcp.isReady()).isTrue());
        connect(port, 1).get(0).close();
    }

    @Test
    void signalThatFollowsAnUndrainAtOnceLeavesThePortClosed() throws Exception {
        int port = listen(echo.port());
        for (int i = 0; i < 10; i++) {
            drain.trigger(Trigger.OPERATOR);
            time.runPending();
            time.advance(Duration.ofMinutes(2));
            drain.undrain();
            time.runPending();
        }
        drain.trigger(Trigger.SIGINT);
        time.runPending();
        await().during(Duration.ofMillis(300)).untilAsserted(() -> assertThatThrownBy(
                        () -> new RawClient(port).send("x").readTo("x"))
                .isInstanceOfAny(IOException.class, AssertionError.class));
    }

    @Test
    void tailOfAnApplicationThatClosedArrivesThoughItsClientReadsLater() throws Exception {
        int length = 6 << 20;
        try (Upstream pouring = new Upstream(client -> {
                    client.readTo("hello\r\n");
                    client.sendBytes(new byte[length]);
                });
                RawClient client = new RawClient(listen(pouring.port()))) {
            client.send("hello");
            TimeUnit.SECONDS.sleep(1);
            assertThat(client.discard(length)).isEqualTo(length);
            client.send("still here");
            assertThat(client.readToEnd()).isEmpty();
        }
    }
}
