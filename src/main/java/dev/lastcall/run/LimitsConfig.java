package dev.lastcall.run;

import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** What ends a run that does not end by itself, besides {@code lastcall.run.max-duration}, and keeps one from beginning. */
@RegisterForReflection
@ConfigMapping(prefix = "lastcall.run")
interface LimitsConfig {
    /** The most tokens of a run; it is then closed as failed. More costs more of the log, or of memory where there is no database. */
    @WithDefault("200000")
    long maxTokens();

    /** How often a run may lose its pod without a hand-off (a crash, a kill) and be taken up by another; it is then closed as failed. */
    @WithDefault("5")
    int maxAttempts();

    /**
     * The most runs of one tenant that have not ended, queued ones among them; a request for another one gets 429. Counted and not locked:
     * requests at the same moment may pass it by a few.
     */
    @WithDefault("5000")
    int maxPerTenant();

    /** How often the model of a run may be asked, once more after each round of tool calls; it is then closed as failed. */
    @WithDefault("16")
    int maxTurns();
}
