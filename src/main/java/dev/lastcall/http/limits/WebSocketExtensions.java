package dev.lastcall.http.limits;

import java.util.List;
import java.util.regex.Pattern;

/**
 * The grammar of {@code Sec-WebSocket-Extensions} (RFC 6455, 9.1): names with parameters, whose quoted values are tokens as well. Netty fails
 * at some of what has another, and the connection ends without an answer. Stateless.
 */
final class WebSocketExtensions {
    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]++";
    private static final Pattern NAME = Pattern.compile(TOKEN);
    private static final Pattern PARAMETER =
            Pattern.compile(TOKEN + "(?:\\s*+=\\s*+(?:" + TOKEN + "|\"" + TOKEN + "\"))?");

    private WebSocketExtensions() {}

    /** Whether these values of the field are lists of extensions; empty elements count for nothing (RFC 9110, 5.6.1). */
    static boolean areWellFormed(List<String> values) {
        for (String value : values) {
            for (String extension : value.split(",", -1)) {
                if (!extension.isBlank() && !isWellFormed(extension.split(";", -1))) {
                    return false;
                }
            }
        }
        return true;
    }

    private static boolean isWellFormed(String[] parts) {
        Pattern expected = NAME;
        for (String part : parts) {
            if (!expected.matcher(part.strip()).matches()) {
                return false;
            }
            expected = PARAMETER;
        }
        return true;
    }
}
