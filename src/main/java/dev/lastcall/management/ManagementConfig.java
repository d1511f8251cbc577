package dev.lastcall.management;

import dev.lastcall.config.Form;
import dev.lastcall.config.Format;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.List;
import java.util.Optional;

/** Access to the management port. */
@RegisterForReflection
@ConfigMapping(prefix = "lastcall.management")
public interface ManagementConfig {
    /**
     * The secret that the drain's API asks for, as Bearer token or as the password of Basic, whatever the user. Health, metrics and {@code
     * GET /drain/pre-stop} stay open: their callers cannot send it. If unset, anyone who reaches the management port may start a drain;
     * empty or with blanks, the start fails.
     */
    @Format(Form.SECRET)
    Optional<String> token();

    /**
     * Names by which the port may be called where there is no token, besides {@code localhost} and addresses: a browser's page can give our
     * address a name of its own (DNS rebinding), and would be let in by it. Health checks and calls without a {@code Host} are not asked.
     */
    Optional<List<String>> hosts();

    /**
     * The check that a preStop does not come from a page in somebody's browser: the header {@code X-Lastcall-Pre-Stop}, which no image, link
     * or form can send. {@code expected}: a call without it is served with a warning, unless it looks like a browser's. {@code required}:
     * refused. {@code ignored}: served, for hooks that cannot send it.
     */
    @WithDefault("expected")
    PreStopHeader preStopHeader();

    /** The treatment of a preStop without the header. */
    enum PreStopHeader {
        /** Served with a warning, unless it looks like a browser's. */
        EXPECTED,
        /** Refused. */
        REQUIRED,
        /** Served. */
        IGNORED
    }
}
