package dev.lastcall.config;

import java.net.URI;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** The forms of texts. A value is never repeated in an error where the form is a secret's. */
@SuppressWarnings("ImmutableEnumChecker") // the predicates are functions without state
public enum Form {
    /** Also nothing. */
    ANYTHING("any text", text -> true),
    TEXT("a text that is not blank", text -> true),
    FILE_PATH("a path", text -> text.indexOf('\0') < 0),
    NAME("1 to 64 letters, digits, dots, dashes and underscores", matching("[A-Za-z0-9._-]{1,64}")),
    HOST_NAME("a name of at most 253 characters without blanks", matching("[^\\s\\p{Cntrl}]{1,253}")),
    IDENTIFIER("a name of at most 63 letters, digits, _, $ and -", matching("[\\p{L}_][\\p{L}0-9_$-]{0,62}")),
    HTTP_URL("an http or https address, as in http://127.0.0.1:8000/path", Form::isHttp),
    /** {@code host:port}, whose port may be 0. */
    LISTEN("address:port, as in 0.0.0.0:8080; the port from 0 to 65535", text -> isHostPort(text, 0)),
    HOST_PORT("host:port, as in 127.0.0.1:5432; the port from 1 to 65535", text -> isHostPort(text, 1)),
    UPSTREAM("http://host:port, https://host:port or h2c://host:port, as in http://127.0.0.1:8000", Form::isUpstream),
    HTTP_PATH("a path that begins with /, as in /health", matching("/[\\x21-\\x7e&&[^#\\\\]]*")),
    HTTP_VERSION("one of http1, http2, auto", Set.of("http1", "http2", "auto")::contains),
    PATTERN("a regular expression", Form::isPattern),
    SIGNAL(
            "one of TERM, INT, QUIT, HUP, ABRT, USR1, USR2, WINCH, KILL",
            matching("(?i)\\s*(SIG)?(TERM|INT|QUIT|HUP|ABRT|USR1|USR2|WINCH|KILL)\\s*")),
    FORWARDED_SIGNAL(
            "one of USR1, USR2, ALRM, WINCH, TTIN, TTOU",
            matching("(?i)\\s*(SIG)?(USR1|USR2|ALRM|WINCH|TTIN|TTOU)\\s*")),
    VARIABLE("NAME=value", matching("(?s)\\s*[^=\\s\\x00][^=\\x00]*=[^\\x00]*")),
    SECRET("visible ASCII characters without blanks", matching("[\\x21-\\x7e]+")),
    TENANT_KEY(
            "tenant:key, the tenant of letters, digits, '.', '_' and '-'",
            matching("\\s*[A-Za-z0-9._-]{1,64}:\\S+\\s*"));

    private static final int LAST_PORT = 65_535;

    private final String expected;
    private final Predicate<String> accepted;

    Form(String expected, Predicate<String> accepted) {
        this.expected = expected;
        this.accepted = accepted;
    }

    private static Predicate<String> matching(String pattern) {
        return Pattern.compile(pattern).asMatchPredicate();
    }

    private static boolean isHttp(String text) {
        try {
            URI uri = new URI(text);
            boolean known = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
            return known && uri.getHost() != null && uri.getPort() != 0 && uri.getPort() <= LAST_PORT;
        } catch (java.net.URISyntaxException e) {
            return false;
        }
    }

    private static boolean isUpstream(String text) {
        int slashes = text.indexOf("://");
        if (slashes < 0 || !Set.of("http", "https", "h2c").contains(text.substring(0, slashes))) {
            return false;
        }
        String rest = text.substring(slashes + 3).replaceFirst("/$", "");
        return isHostPort(rest, 1) || isHostPort(rest + ":80", 1);
    }

    private static boolean isHostPort(String text, int first) {
        var parts = HostPorts.PATTERN.matcher(text);
        if (!parts.matches()) {
            return false;
        }
        int port = Integer.parseInt(parts.group(1));
        return port >= first && port <= LAST_PORT;
    }

    private static boolean isPattern(String text) {
        try {
            Pattern.compile(text);
            return true;
        } catch (PatternSyntaxException e) {
            return false;
        }
    }

    /** Returns a description of the values that are accepted, for an error. */
    public String expected() {
        return expected;
    }

    /** Whether a text has this form; blank ones have none. */
    public boolean accepts(String text) {
        return !text.isBlank() && accepted.test(text);
    }

    boolean isSecret() {
        return this == SECRET || this == TENANT_KEY;
    }

    /** A holder, since an enum's constants are made before its static fields. */
    private static final class HostPorts {
        static final Pattern PATTERN =
                Pattern.compile("(?:\\[[0-9a-fA-F.%]*:[0-9a-fA-F:.%]*]|[A-Za-z0-9._-]+):([0-9]{1,5})");
    }
}
