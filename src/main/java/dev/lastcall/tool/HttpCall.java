package dev.lastcall.tool;

import dev.lastcall.drain.ReadableDuration;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.RequestOptions;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP exchange with a tool, on one event loop. It ends once: by the answer, a broken connection, the time limit or a cancel. A failure
 * before the connection is made means that nothing was sent; after that it leaves the outcome unknown.
 */
final class HttpCall {
    private static final int OK = 200;
    private static final int REDIRECT = 300;
    private static final int ERROR = 400;
    /** The most characters of a tool's error that the model gets. */
    private static final int COMPLAINT = 1000;

    private final CompletableFuture<ToolAnswer> answer = new CompletableFuture<>();
    private final Vertx vertx;
    private final Context context;
    private final Declaration declared;
    private final Buffer body = Buffer.buffer();
    private @Nullable HttpClientRequest request;
    private long timer = -1;
    private boolean over;

    HttpCall(Vertx vertx, Declaration declared) {
        this.vertx = vertx;
        this.declared = declared;
        context = vertx.getOrCreateContext();
    }

    CompletableFuture<ToolAnswer> answer() {
        return answer;
    }

    void start(HttpClient client, RequestOptions options, Buffer arguments) {
        CompletionStage<ToolAnswer> ended = answer;
        ended.whenComplete((said, failure) -> {
            if (answer.isCancelled()) {
                context.runOnContext(now -> close());
            }
        });
        context.runOnContext(now -> {
            if (over) {
                return;
            }
            timer = vertx.setTimer(declared.timeout().toMillis(), fired -> late());
            client.request(options)
                    .onSuccess(opened -> send(opened, arguments))
                    .onFailure(cause -> end(new ToolAnswer.Failed("the tool cannot be reached; it was not called")));
        });
    }

    private void late() {
        String limit = "the tool did not answer within " + ReadableDuration.of(declared.timeout());
        end(request == null ? new ToolAnswer.Failed(limit + "; it was not called") : new ToolAnswer.Unknown(limit));
    }

    private void send(HttpClientRequest opened, Buffer arguments) {
        if (over) {
            opened.reset();
            return;
        }
        request = opened;
        opened.exceptionHandler(this::broken);
        opened.connection().exceptionHandler(this::broken);
        opened.response().onSuccess(this::answered).onFailure(this::broken);
        opened.send(arguments).onFailure(this::broken);
    }

    private void broken(Throwable cause) {
        end(new ToolAnswer.Unknown("the connection to the tool broke before it had answered"));
    }

    private void answered(HttpClientResponse response) {
        response.exceptionHandler(this::broken);
        int status = response.statusCode();
        if (status >= REDIRECT && status < ERROR) {
            end(new ToolAnswer.Failed("the tool answered " + status + "; redirects are not followed"));
            return;
        }
        response.handler(this::bytes);
        response.endHandler(end -> end(status < OK || status >= REDIRECT ? complaint(status) : said()));
    }

    private void bytes(Buffer bytes) {
        if (over) {
            return;
        }
        body.appendBuffer(bytes);
        if (body.length() > declared.maxAnswer()) {
            end(new ToolAnswer.Failed("the tool answered more than " + declared.maxAnswer()
                    + " bytes, which is not read; it may have taken effect"));
        }
    }

    private ToolAnswer said() {
        try {
            return new ToolAnswer.Said(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body.getBytes()))
                    .toString());
        } catch (CharacterCodingException e) {
            return new ToolAnswer.Failed("the tool's answer is no UTF-8 text; it may have taken effect");
        }
    }

    private ToolAnswer complaint(int status) {
        String text = body.getString(0, Math.min(body.length(), COMPLAINT));
        return new ToolAnswer.Failed("the tool answered " + status + (text.isBlank() ? "" : ": " + text.strip()));
    }

    private void end(ToolAnswer said) {
        if (!over) {
            close();
            answer.complete(said);
        }
    }

    /** Closes the connection, which belongs to this call alone, so that the tool notices the cancellation. */
    private void close() {
        if (over) {
            return;
        }
        over = true;
        vertx.cancelTimer(timer);
        if (request != null) {
            request.reset();
        }
    }
}
