package dev.lastcall.rehearsal.client;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.IntConsumer;
import java.util.regex.Pattern;

/** An HTTP/1.1 connection to a pod, for one exchange after the other. For one thread, but for {@link #close()}. */
public final class LoadConnection implements HttpConnection {
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);
    private static final Pattern LENGTH = Pattern.compile("[0-9]{1,15}");
    private static final Pattern CHUNK = Pattern.compile("([0-9a-fA-F]{1,8})\\s*(?:;.*)?");
    private static final int LONGEST_LINE = 4096;

    private final int port;
    private final LoadSocket socket;
    private boolean reusable;

    private LoadConnection(int port, LoadSocket socket) {
        this.port = port;
        this.socket = socket;
    }

    /** Connects to a port of this machine. */
    public static LoadConnection open(int port) throws ClientLoss {
        return new LoadConnection(port, LoadSocket.open(port, CONNECT_LIMIT));
    }

    @Override
    public boolean isUsable() {
        return reusable && !socket.isStale();
    }

    @Override
    public LoadAnswer exchange(LoadRequest request, boolean keep, Duration limit, BodySink body) throws ClientLoss {
        reusable = false;
        socket.begin(limit);
        socket.write(request.bytes(port, keep));
        AnswerHeader head = AnswerHeader.read(socket);
        body.begin(head.field("content-type"));
        body.identify(head.field("x-run-id"));
        socket.ifCut(LossKind.CUT_BODY);
        boolean framed = readBody(request, head, body);
        reusable = keep && framed && !head.closes();
        return new LoadAnswer(head.status(), head.field("retry-after"), head.field("location"));
    }

    /** Returns whether the answer's end was told by its head and not by the end of the connection. */
    private boolean readBody(LoadRequest request, AnswerHeader head, IntConsumer body) throws ClientLoss {
        if (request.method().equals("HEAD") || head.status() == 204 || head.status() == 304) {
            return true;
        }
        if (head.isChunked()) {
            readChunks(body);
            return true;
        }
        OptionalLong length = length(head);
        if (length.isPresent()) {
            readBytes(length.getAsLong(), body);
            return true;
        }
        for (int next = socket.readOrEnd(); next >= 0; next = socket.readOrEnd()) {
            body.accept(next);
        }
        return false;
    }

    private static OptionalLong length(AnswerHeader head) throws ClientLoss {
        String written = head.field("content-length");
        if (written.isEmpty()) {
            return OptionalLong.empty();
        }
        if (!LENGTH.matcher(written).matches()) {
            throw new ClientLoss(LossKind.GARBLED, "a Content-Length that is no number");
        }
        return OptionalLong.of(Long.parseLong(written));
    }

    private void readChunks(IntConsumer body) throws ClientLoss {
        while (true) {
            var size = CHUNK.matcher(AnswerHeader.line(socket, new int[] {LONGEST_LINE}));
            if (!size.matches()) {
                throw new ClientLoss(LossKind.GARBLED, "a chunk without a size");
            }
            long length = Long.parseLong(size.group(1), 16);
            if (length == 0) {
                break;
            }
            readBytes(length, body);
            AnswerHeader.line(socket, new int[] {LONGEST_LINE});
        }
        while (!AnswerHeader.line(socket, new int[] {LONGEST_LINE}).isEmpty()) {
            // Trailers.
        }
    }

    private void readBytes(long length, IntConsumer body) throws ClientLoss {
        for (long i = 0; i < length; i++) {
            body.accept(socket.read());
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
