package dev.lastcall.http.limits;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.HostAndPort;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds what the decoder of HTTP/1.x refused, and what it lets pass though RFC 9112 refuses it. Immutable. */
final class RequestHeadRules {
    private static final int NO_PORT = -1;
    private static final Pattern VERSION = Pattern.compile("HTTP/\\d\\.\\d");

    private static final Pattern WRONG_ESCAPE = Pattern.compile("%(?![0-9A-Fa-f]{2})");
    /** The beginning of a target with a character in its path that RFC 3986 has no place for, and REST answers with a bare status. */
    private static final Pattern NO_PATH = Pattern.compile("^[^?]*[\\\\^|\"<>{}`]");

    private final String lineLimit;
    private final String headLimit;

    RequestHeadRules(HttpServerOptions options) {
        lineLimit = options.getMaxInitialLineLength() + " bytes (quarkus.http.limits.max-initial-line-length)";
        headLimit = options.getMaxHeaderSize() + " bytes (quarkus.http.limits.max-header-size)";
    }

    /** Returns the fault of a part of a request; null: none. */
    @Nullable
    UnreadableRequest fault(HttpObject part) {
        Throwable cause = part.decoderResult().cause();
        if (cause != null) {
            return UnreadableRequest.of(cause, lineLimit, headLimit);
        }
        return part instanceof HttpRequest request ? fault(request) : null;
    }

    private static @Nullable UnreadableRequest fault(HttpRequest request) {
        HttpVersion version = request.protocolVersion();
        if (!VERSION.matcher(version.text()).matches()) {
            return UnreadableRequest.malformed("no HTTP version: " + version.text());
        }
        if (version.majorVersion() != 1) {
            return UnreadableRequest.ofVersion(version.text());
        }
        String target = request.uri();
        if (!target.startsWith("/") && !target.startsWith("http://") && !target.startsWith("https://")) {
            return UnreadableRequest.malformed("the target is neither a path nor an http URL: " + target);
        }
        if (WRONG_ESCAPE.matcher(target).find()) {
            return UnreadableRequest.malformed("a % that two hexadecimal digits do not follow: " + target);
        }
        if (NO_PATH.matcher(target).find()) {
            return UnreadableRequest.malformed("a path with characters that are to be percent-encoded: " + target);
        }
        List<String> hosts = request.headers().getAll(HttpHeaderNames.HOST);
        if (hosts.size() > 1 || (hosts.isEmpty() && version.minorVersion() > 0)) {
            return UnreadableRequest.malformed("not exactly one Host");
        }
        // The router would refuse it by an error of the application, and speak of a Host that is not there.
        if (!hosts.isEmpty() && HostAndPort.parseAuthority(hosts.get(0), NO_PORT) == null) {
            return UnreadableRequest.malformed("a Host that is no host with or without a port: " + hosts.get(0));
        }
        List<String> extensions = request.headers().getAll(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS);
        if (!WebSocketExtensions.areWellFormed(extensions)) {
            return UnreadableRequest.malformed("no list of extensions of WebSockets: " + String.join(", ", extensions));
        }
        return fault((HttpMessage) request);
    }

    /** Without a length that is understood, the body would be taken for the next request (RFC 9112, 6.3). */
    private static @Nullable UnreadableRequest fault(HttpMessage message) {
        List<String> codings = message.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING);
        boolean chunked = codings.size() == 1
                && HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(
                        codings.get(0).strip());
        return codings.isEmpty() || chunked
                ? null
                : UnreadableRequest.malformed("a Transfer-Encoding other than chunked");
    }
}
