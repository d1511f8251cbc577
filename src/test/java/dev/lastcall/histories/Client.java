package dev.lastcall.histories;

import dev.lastcall.testing.stubborn.TimedAnswers;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocketClient;
import java.io.IOException;
import java.net.ConnectException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The kinds of clients; each reports one outcome for each exchange that it began. */
enum Client {
    SHORT {
        @Override
        void run(int port, Vertx vertx, Sink sink) throws IOException {
            try (Http1 http = new Http1(port)) {
                boolean open = true;
                for (int i = 0; i < 2 && open; i++) {
                    http.write(Http1.get("/short"));
                    open = next(http, sink);
                    Http1.pause(20);
                }
            }
        }
    },
    SLOW {
        @Override
        void run(int port, Vertx vertx, Sink sink) throws IOException {
            once(port, sink, Http1.get("/slow"), 2, 0);
        }
    },
    SLOW_READER {
        @Override
        void run(int port, Vertx vertx, Sink sink) throws IOException {
            once(port, sink, Http1.get("/large"), TimedAnswers.LARGE, 4);
        }
    },
    STREAM {
        @Override
        void run(int port, Vertx vertx, Sink sink) throws IOException {
            once(port, sink, Http1.get("/stream"), Http1.EVENTS, 0);
        }
    },
    /** Outlasts a drain. */
    LONG_STREAM {
        @Override
        void run(int port, Vertx vertx, Sink sink) throws IOException {
            once(port, sink, Http1.get("/long"), Http1.EVENTS, 0);
        }
    },
    UPLOAD {
        @Override
        void run(int port, Vertx vertx, Sink sink) throws IOException {
            try (Http1 http = new Http1(port)) {
                String piece = "x".repeat(20_000);
                try {
                    http.write("POST /upload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 200000\r\n\r\n");
                    for (int i = 0; i < 10; i++) {
                        http.write(piece);
                        Http1.pause(15);
                    }
                } catch (IOException e) {
                    // What was answered before can still be read.
                }
                sink.add(this, http.read(2), http.wrong());
            }
        }
    },
    PIPELINED {
        @Override
        void run(int port, Vertx vertx, Sink sink) throws IOException {
            try (Http1 http = new Http1(port)) {
                http.write(Http1.get("/short") + Http1.get("/slow") + Http1.get("/short"));
                // Behind "Connection: close" and behind an answer that broke off nothing was executed, and the client
                // knows.
                boolean open = true;
                for (int i = 0; i < 3 && open; i++) {
                    open = next(http, sink);
                }
            }
        }
    },
    LEAVER {
        @Override
        void run(int port, Vertx vertx, Sink sink) throws IOException {
            try (Http1 http = new Http1(port)) {
                http.write(Http1.get("/stream"));
                String status = http.line();
                if (status.startsWith("HTTP/1.1 200")) {
                    sink.add(this, Outcome.LEFT, "");
                } else {
                    sink.add(this, status.startsWith("HTTP/1.1 503") ? Outcome.REFUSED : Outcome.WRONG, status);
                }
            } catch (IOException e) {
                sink.add(this, Outcome.NOTHING, "");
            }
        }
    },
    H2C {
        @Override
        void run(int port, Vertx vertx, Sink sink) {
            HttpClient client = vertx.createHttpClient(
                    new HttpClientOptions()
                            .setProtocolVersion(HttpVersion.HTTP_2)
                            .setHttp2ClearTextUpgrade(false),
                    new PoolOptions().setHttp2MaxSize(1));
            List<CompletableFuture<Void>> asked = Stream.of("/short", "/slow", "/stream")
                    .map(path -> ask(client, port, path, sink))
                    .toList();
            asked.forEach(each -> each.orTimeout(60, TimeUnit.SECONDS).join());
            client.close();
        }

        private static Outcome outcome(int status, String path, String body) {
            if (status == 200) {
                return path.equals("/stream") ? Http1.outcomeOfStream(body) : Outcome.ANSWERED;
            }
            return status == 503 ? Outcome.REFUSED : Outcome.WRONG;
        }

        private CompletableFuture<Void> ask(HttpClient client, int port, String path, Sink sink) {
            return client.request(HttpMethod.GET, port, "localhost", path)
                    .compose(request -> request.send())
                    .compose(answer -> answer.body()
                            .map(body -> outcome(answer.statusCode(), path, body.toString()))
                            .otherwise(Outcome.BROKEN))
                    .otherwise(Client::nothing)
                    .onSuccess(outcome -> sink.add(this, outcome, path))
                    .<Void>mapEmpty()
                    .toCompletionStage()
                    .toCompletableFuture();
        }
    },
    WEBSOCKET {
        @Override
        void run(int port, Vertx vertx, Sink sink) {
            WebSocketClient client = vertx.createWebSocketClient();
            CompletableFuture<Outcome> outcome = new CompletableFuture<>();
            client.connect(port, "localhost", "/ws")
                    .onSuccess(socket -> {
                        socket.closeHandler(closed -> outcome.complete(ended(socket.closeStatusCode())));
                        socket.textMessageHandler(text -> vertx.setTimer(100, due -> {
                            outcome.complete(Outcome.SOCKET_CLOSED);
                            socket.close();
                        }));
                        socket.writeTextMessage("hello");
                    })
                    .onFailure(failure -> outcome.complete(refused(failure) ? Outcome.REFUSED : nothing(failure)));
            sink.add(
                    this,
                    outcome.orTimeout(60, TimeUnit.SECONDS)
                            .exceptionally(late -> Outcome.WRONG)
                            .join(),
                    "");
            client.close();
        }

        /** The sidecar closes with a code of its own when everything is told to end. */
        private Outcome ended(Short code) {
            return code != null && code == GOING_AWAY ? Outcome.ENDED_EARLY : Outcome.BROKEN;
        }

        private boolean refused(Throwable failure) {
            return failure instanceof UpgradeRejectedException rejected && rejected.getStatus() == 503;
        }
    },
    /** Of the line server alone. */
    LINE {
        @Override
        void run(int port, Vertx vertx, Sink sink) throws IOException {
            try (Http1 lines = new Http1(port)) {
                lines.write("hello\n");
                sink.add(this, lines.talk("hello", "Server is shutting down. Goodbye!"), "");
            }
        }
    };

    /** The clients that ask for what ends soon. */
    static final List<Client> OF_SHORT_WORK = Stream.of(values())
            .filter(each -> each != LINE && each != LONG_STREAM)
            .toList();

    static final List<Client> OF_HTTP =
            Stream.of(values()).filter(each -> each != LINE).toList();

    private static final short GOING_AWAY = 1012;

    /** Runs to the end of its exchanges, on a thread of its own. */
    abstract void run(int port, Vertx vertx, Sink sink) throws IOException;

    /** Reads an answer; whether another one may follow on this connection. */
    boolean next(Http1 http, Sink sink) {
        Outcome outcome = http.read(2);
        sink.add(this, outcome, http.wrong());
        return outcome == Outcome.ANSWERED && !http.saidClose();
    }

    void once(int port, Sink sink, String request, int length, int pieceMs) throws IOException {
        try (Http1 http = new Http1(port).slowly(pieceMs)) {
            http.write(request);
            sink.add(this, http.read(length), http.wrong());
        }
    }

    /** Does the same as {@link #run}; where it cannot even connect the exchange has seen nothing. */
    void runSafely(int port, Vertx vertx, Sink sink) {
        try {
            run(port, vertx, sink);
        } catch (IOException | CompletionException e) {
            sink.add(this, nothing(e), e.toString());
        }
    }

    private static Outcome nothing(Throwable failure) {
        return failure instanceof ConnectException ? Outcome.UNREACHABLE : Outcome.NOTHING;
    }
}
