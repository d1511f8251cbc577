package dev.lastcall.management;

import dev.lastcall.config.Form;
import dev.lastcall.config.Format;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.config.ConfigMapping;
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
}
