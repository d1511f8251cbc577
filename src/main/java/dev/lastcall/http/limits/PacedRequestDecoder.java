package dev.lastcall.http.limits;

import dev.lastcall.http.HeadSize;
import dev.lastcall.http.RefusalFormats;
import dev.lastcall.http.UnreadRequests;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.VertxHttpRequestDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads one request at a time: what is pipelined behind a request stays bytes until that request's answer has been written and few of the
 * answers wait for the client, so that it cannot fill the memory with requests that nobody has time for, or with answers that it does not
 * read. It goes on reading until then, or the client's leaving would not be noticed. On the event loop.
 */
final class PacedRequestDecoder extends VertxHttpRequestDecoder implements UnreadRequests {
    private static final String H2C = "h2c";
    private static final HttpMethod UNKNOWN = HttpMethod.valueOf(KnownMethods.OTHER);
    /** Unread bytes of a client beyond which its connection is not read from. */
    private static final int MOST_UNREAD = 8 * 1024;

    /** Netty's target of a request whose line it could not read. */
    private static final String UNREAD = "/bad-request";

    /** Enough of a request line to tell its path's format by. */
    private static final int BEGIN_OF_LINE = 64;

    private final RequestHeadRules rules;
    private final RefusalFormats formats;
    private final HeadAlarm alarm;
    private final OpenConnections connections;
    private @Nullable ChannelHandlerContext context;
    private long requests;
    private long answers;
    private final HeadBudget.Part heads;
    private long head;
    private boolean inRequest;
    private boolean paused;
    private boolean turnIsOver;
    private boolean scheduled;
    private boolean answerBegun;
    private boolean refused;
    private String lineBegin = "";

    PacedRequestDecoder(
            HttpServerOptions options, HeadAlarm alarm, OpenConnections connections, RefusalFormats formats) {
        super(options);
        rules = new RequestHeadRules(options);
        this.formats = formats;
        this.alarm = alarm;
        this.connections = connections;
        heads = connections.heads().part();
    }

    /** Decodes one request a turn: a burst of requests that are answered at once would keep the event loop from everybody else. */
    @Override
    public void channelRead(ChannelHandlerContext reading, Object message) throws Exception {
        turnIsOver = false;
        if (message instanceof ByteBuf bytes) {
            head += bytes.readableBytes();
        }
        super.channelRead(reading, message);
        if (!inRequest && !refused && head > 0 && !heads.hold(head) && requests <= answers) {
            refuseSurplus(reading);
        }
        if (turnIsOver && !reading.isRemoved()) {
            proceed(reading);
        }
    }

    @Override
    protected void decode(ChannelHandlerContext decoding, ByteBuf bytes, List<Object> out) throws Exception {
        context = decoding;
        if (refused) {
            bytes.skipBytes(bytes.readableBytes());
            return;
        }
        if (turnIsOver || isHeld(decoding)) {
            if (bytes.readableBytes() > MOST_UNREAD && !paused) {
                paused = true;
                decoding.channel().config().setAutoRead(false);
            }
            return;
        }
        alarm.bytesCame();
        int known = out.size();
        int before = bytes.readerIndex();
        super.decode(decoding, bytes, out);
        if (!inRequest && lineBegin.isEmpty()) {
            keepBegin(bytes, before);
        }
        for (int i = known; i < out.size(); i++) {
            if (refuses(decoding, out.get(i))) {
                while (out.size() > i) {
                    ReferenceCountUtil.release(out.remove(out.size() - 1));
                }
                bytes.skipBytes(bytes.readableBytes());
                return;
            }
            note(decoding, out.get(i));
            if (out.get(i) instanceof LastHttpContent) {
                head = bytes.readableBytes();
            }
        }
        if (!inRequest && !isHeld(decoding) && bytes.isReadable()) {
            alarm.start(decoding);
        }
    }

    /** Netty forgets a line that is too long, and with it the path by whose format the answer is written. */
    private void keepBegin(ByteBuf bytes, int from) {
        int length = Math.min(BEGIN_OF_LINE, bytes.readerIndex() - from);
        lineBegin = bytes.toString(from, length, StandardCharsets.ISO_8859_1);
    }

    /** Answers what cannot be read and closes, where no answer has begun: Vert.x would answer with a bare status, or not at all. */
    private boolean refuses(ChannelHandlerContext decoding, Object message) {
        UnreadableRequest fault = message instanceof HttpObject part ? rules.fault(part) : null;
        if (fault == null || (inRequest && answerBegun)) {
            return false;
        }
        refused = true;
        alarm.stop();
        connections.busy(decoding.channel());
        EarlyAnswer.send(decoding, formats.of(pathOf(message), fault.status(), fault.detail()));
        return true;
    }

    /** All heads that do not end hold too much together: this one has grown last. */
    private void refuseSurplus(ChannelHandlerContext reading) {
        heads.release();
        refused = true;
        alarm.stop();
        connections.slow();
        EarlyAnswer.send(reading, formats.of(null, HttpResponseStatus.SERVICE_UNAVAILABLE.code(), HeadSize.SURPLUS));
    }

    private String pathOf(Object message) {
        if (message instanceof HttpRequest request
                && request.uri().startsWith("/")
                && !request.uri().equals(UNREAD)) {
            return request.uri();
        }
        int target = lineBegin.indexOf(" /");
        return target < 0 ? lineBegin : lineBegin.substring(target + 1);
    }

    /** An answer's head is written: it is too late for another one. */
    void answerBegins() {
        answerBegun = true;
    }

    /** Whether the next request is not to be looked at yet. The rest of one that has begun is: its answer may wait for it. */
    private boolean isHeld(ChannelHandlerContext decoding) {
        return requests > answers || (!inRequest && !decoding.channel().isWritable());
    }

    private void note(ChannelHandlerContext decoding, Object message) {
        if (message instanceof HttpRequest request) {
            inRequest = true;
            head = 0;
            heads.release();
            answerBegun = false;
            alarm.stop();
            connections.busy(decoding.channel());
            ignoreHttp2(request);
            if (!KnownMethods.contains(request.method().name())) {
                request.setMethod(UNKNOWN);
            }
        }
        if (message instanceof LastHttpContent) {
            inRequest = false;
            lineBegin = "";
            requests++;
            turnIsOver = true;
            noteIdle(decoding);
        }
    }

    private void noteIdle(ChannelHandlerContext decoding) {
        if (!inRequest && requests <= answers) {
            connections.idle(decoding.channel());
        }
    }

    /** RFC 9113 has dropped the upgrade, and clients that ask for it are those that fail at a GOAWAY; a server may ignore it. */
    private static void ignoreHttp2(HttpRequest request) {
        if (H2C.equalsIgnoreCase(request.headers().get(HttpHeaderNames.UPGRADE))) {
            request.headers().remove(HttpHeaderNames.UPGRADE);
        }
    }

    @Override
    public boolean hasUnread() {
        return actualReadableBytes() > 0;
    }

    /** The next request may be read. */
    void answered() {
        answers++;
        ChannelHandlerContext decoding = context;
        if (decoding != null && !decoding.isRemoved()) {
            noteIdle(decoding);
            proceed(decoding);
        }
    }

    /** The client has taken answers: there may be room for the next one. */
    @Override
    public void channelWritabilityChanged(ChannelHandlerContext changed) throws Exception {
        ChannelHandlerContext decoding = context;
        if (decoding != null && !decoding.isRemoved()) {
            proceed(decoding);
        }
        super.channelWritabilityChanged(changed);
    }

    private void proceed(ChannelHandlerContext decoding) {
        if (isHeld(decoding)) {
            return;
        }
        if (actualReadableBytes() <= MOST_UNREAD) {
            resume(decoding);
        }
        if (actualReadableBytes() > 0 && !scheduled) {
            scheduled = true;
            decoding.executor().execute(() -> readOn(decoding));
        }
    }

    private void resume(ChannelHandlerContext decoding) {
        if (paused) {
            paused = false;
            decoding.channel().config().setAutoRead(true);
        }
    }

    private void readOn(ChannelHandlerContext decoding) {
        scheduled = false;
        if (!decoding.isRemoved()) {
            try {
                channelRead(decoding, Unpooled.EMPTY_BUFFER);
                if (!turnIsOver && !isHeld(decoding)) {
                    // What has been read is no whole request.
                    resume(decoding);
                }
                decoding.fireChannelReadComplete();
            } catch (Exception e) {
                decoding.fireExceptionCaught(e);
            }
        }
    }

    /** An upgrade: another decoder reads on, also what was too much to be read before. */
    @Override
    protected void handlerRemoved0(ChannelHandlerContext removed) throws Exception {
        alarm.stop();
        heads.release();
        resume(removed);
        super.handlerRemoved0(removed);
    }

    @Override
    public void channelInactive(ChannelHandlerContext closed) throws Exception {
        alarm.stop();
        heads.release();
        super.channelInactive(closed);
    }
}
