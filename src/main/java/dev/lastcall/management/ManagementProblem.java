package dev.lastcall.management;

import dev.lastcall.problem.Problem;
import io.vertx.core.json.JsonObject;
import java.util.Locale;

/**
 * An RFC 9457 problem.
 *
 * @param detail what was wrong with this call, and which value
 * @param next what to do
 * @param members what else a program may want to know
 */
record ManagementProblem(Kind kind, String detail, String next, JsonObject members) {
    /** The kinds of problems; the name is the last part of the problem's type. */
    enum Kind {
        BAD_LIMIT(400, "Bad limit"),
        BAD_SINCE(400, "Bad since"),
        BAD_REQUEST(400, "Bad request"),
        TOKEN_REQUIRED(401, "Token required"),
        TOKEN_NEEDED(403, "Only with a token"),
        CROSS_SITE(403, "Cross-site call refused"),
        UNKNOWN_HOST(403, "Unknown host"),
        PRE_STOP_HEADER_REQUIRED(403, "Pre-stop header required"),
        NOT_FOUND(404, "Not found"),
        WRONG_METHOD(405, "Method not allowed"),
        TOO_LATE(409, "Too late to undrain"),
        TOO_MANY(409, "Too many"),
        UNDONE(409, "The drain was undone"),
        TOO_LARGE(413, "Content too large"),
        EXPECTATION(417, "Expectation failed"),
        WRONG_TOKENS(429, "Too many wrong tokens"),
        ARCHIVE_SILENT(503, "The history does not answer"),
        FAILED(500, "Internal error");

        private final int status;
        private final String title;

        Kind(int status, String title) {
            this.status = status;
            this.title = title;
        }

        private String type() {
            return "urn:lastcall:problem:" + name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    ManagementProblem(Kind kind, String detail, String next) {
        this(kind, detail, next, new JsonObject());
    }

    /** Returns the problem as it is answered; a history that does not answer may be asked again. */
    Problem toProblem() {
        Problem problem =
                Problem.of(kind.type(), kind.title, kind.status, detail).with("next", next);
        members.forEach(member -> problem.with(member.getKey(), member.getValue()));
        return kind == Kind.ARCHIVE_SILENT ? problem.retryable(true) : problem;
    }
}
