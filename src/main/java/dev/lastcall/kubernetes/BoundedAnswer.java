package dev.lastcall.kubernetes;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads an answer to its end and keeps no more of it than the longest object that Kubernetes stores. On one event loop. */
final class BoundedAnswer implements AnswerReader {
    /** etcd takes 1.5 MiB. */
    private static final int LONGEST = 2 << 20;

    private final Consumer<ApiAnswer> answered;
    private final Consumer<String> failed;
    private final Buffer body = Buffer.buffer();
    private @Nullable HttpClientResponse head;
    private boolean tooLong;

    BoundedAnswer(Consumer<ApiAnswer> answered, Consumer<String> failed) {
        this.answered = answered;
        this.failed = failed;
    }

    @Override
    public void answered(HttpClientResponse given) {
        head = given;
    }

    @Override
    public void received(Buffer part) {
        tooLong |= body.length() + part.length() > LONGEST;
        if (!tooLong) {
            body.appendBuffer(part);
        }
    }

    @Override
    public void ended() {
        if (head == null || tooLong) {
            failed.accept("an answer of more than " + LONGEST + " bytes");
        } else {
            answered.accept(ApiAnswer.of(head, body));
        }
    }

    @Override
    public void failed(String cause) {
        failed.accept(cause);
    }
}
