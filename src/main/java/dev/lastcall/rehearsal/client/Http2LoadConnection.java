package dev.lastcall.rehearsal.client;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;

/** An HTTP/2 connection to a pod. For one thread, but for {@link #close()}. */
final class Http2LoadConnection implements HttpConnection {
    private final Http2Connection connection;
    private boolean reusable;

    private Http2LoadConnection(Http2Connection connection) {
        this.connection = connection;
    }

    static Http2LoadConnection open(int port) throws ClientLoss {
        return new Http2LoadConnection(Http2Connection.open(port));
    }

    @Override
    public boolean isUsable() {
        return reusable && connection.isUsable();
    }

    @Override
    public LoadAnswer exchange(LoadRequest request, boolean keep, Duration limit, BodySink body)
            throws ClientLoss, NotTaken {
        reusable = false;
        byte[] content = request.body().getBytes(StandardCharsets.UTF_8);
        Http2Headers head = new DefaultHttp2Headers()
                .method(request.method())
                .scheme("http")
                .path(request.path());
        request.fields(content.length).forEach((name, value) -> head.add(name.toLowerCase(Locale.ROOT), value));
        Reader reader = new Reader(body);
        connection.exchange(head, content, limit, reader);
        reusable = keep;
        return reader.answer;
    }

    private static final class Reader implements Http2Connection.Answer {
        private final BodySink body;
        private LoadAnswer answer = new LoadAnswer(0, "", "");

        Reader(BodySink body) {
            this.body = body;
        }

        @Override
        public void head(Http2Headers fields, boolean ends) throws ClientLoss {
            if (answer.status() > 0) {
                return; // Trailers.
            }
            String status = String.valueOf(fields.status());
            if (!status.matches("[2-5][0-9]{2}")) {
                throw new ClientLoss(LossKind.GARBLED, "the status " + status);
            }
            answer = new LoadAnswer(Integer.parseInt(status), field(fields, "retry-after"), field(fields, "location"));
            body.begin(field(fields, "content-type"));
            body.identify(field(fields, "x-run-id"));
        }

        @Override
        public void data(byte[] bytes, boolean ends) {
            for (byte each : bytes) {
                body.accept(each & 0xff);
            }
        }

        private static String field(Http2Headers fields, String name) {
            CharSequence value = fields.get(name);
            return value == null ? "" : value.toString();
        }
    }

    @Override
    public void close() {
        connection.close();
    }
}
